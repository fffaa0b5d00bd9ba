"""The child that runs one model: llama.cpp's own HTTP server on a unix socket.

The first line of stdin is a JSON object: `params` are fields of xllamacpp's CommonParams, `cpu` and
`gpu` more of them for the one or the other. One JSON line on stdout tells the outcome. The child
ends when stdin does, so that it cannot outlive the engine, however that dies.
"""

import json
import os
import sys
from typing import Any, NoReturn

FAILED, NO_LIBRARY = 3, 4
_GPUS = (1, 2)
"""ggml's numbers for a graphics card, of its own or built in."""


def main() -> None:
    """Load the model, say so, and stay until stdin ends."""
    wanted = json.loads(sys.stdin.buffer.readline())
    try:
        import xllamacpp
    except ImportError as error:
        _leave({"error": f"llama.cpp cannot be loaded: {error}"}, NO_LIBRARY)
    gpu, before = _gpus(xllamacpp.get_device_info())
    params = xllamacpp.CommonParams()
    for path, value in (wanted["params"] | wanted["gpu" if gpu else "cpu"]).items():
        if path == "lora":
            params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(value, 1.0)]
        else:
            _set(params, path, value)
    try:
        # Kept by name: dropping it would end the server.
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        _leave({"error": str(error)}, FAILED)
    _gpu, after = _gpus(xllamacpp.get_device_info())
    _say({"address": server.listening_address, "vram": max(before - after, 0)})
    _wait_for_end()
    # The system frees everything at once; destructors would only take time.
    os._exit(0)


def _gpus(devices: list[dict[str, Any]]) -> tuple[bool, int]:
    """Whether there are graphics cards, and how many bytes are free on all of them."""
    cards = [device for device in devices if device["type"].value in _GPUS]
    return bool(cards), sum(int(card["memory_free"]) for card in cards)


def _set(params: object, path: str, value: object) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        params = getattr(params, parent)
    # A newer llama.cpp may have dropped a field: better without it than not at all.
    if hasattr(params, last):
        setattr(params, last, value)


def _say(outcome: dict[str, Any]) -> None:
    print(json.dumps(outcome), flush=True)


def _leave(outcome: dict[str, Any], code: int) -> NoReturn:
    """End when stdin does: llama.cpp writes its log from a thread, which may need a moment."""
    _say(outcome)
    _wait_for_end()
    os._exit(code)


def _wait_for_end() -> None:
    while sys.stdin.buffer.read(65536):
        pass


if __name__ == "__main__":
    main()
