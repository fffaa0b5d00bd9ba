"""A loaded model: what it was loaded with, and how it is spoken to."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from tui.engine import cores, settings
from tui.engine.abilities import is_jinja
from tui.engine.child_http import Broken, asked
from tui.engine.errors import EngineError
from tui.engine.models import Model
from tui.engine.options import LoadOptions
from tui.engine.process import ModelProcess

BROKEN = "an error was encountered while running the model: unexpected EOF"
"""What Ollama says when a model's process dies in the middle of an answer."""

_SMALL_MODEL = 1 << 30
"""Bytes of weights."""
_GPU_BATCH = 512
_PROMPT_CACHE_MIB = 256
_DONE, _ERROR = b"[DONE]", b'{"error":'
# Word of every part of the prompt: only by writing does llama.cpp see that nobody listens any more.
_STREAMED = {"stream": True, "return_progress": True}
_ERRORS_ONLY, _CHATTY = 1, 3
_LOAD_TIMED_OUT = "timed out waiting for llama runner to start: OLLAMA_LOAD_TIMEOUT is over"


_FAULT = 500
Event = TypeVar("Event")


class Runner:
    """A child process with a model in it, and the connection to it."""

    def __init__(
        self, model: Model, options: LoadOptions, process: ModelProcess, socket: Path
    ) -> None:
        self.model = model
        self.options = options
        self.vram = 0
        """Bytes that it took on graphics cards."""
        self.parses_thinking = False
        """Whether llama.cpp itself tells thinking from answer."""
        self.marker = ""
        """What stands for an image in a prompt."""
        self._process = process
        self._socket = socket
        self._broken = False

    @classmethod
    async def start(cls, model: Model, options: LoadOptions, socket: Path) -> Self:
        """Load a model; its child listens at `socket`. Raises EngineError."""
        process = await ModelProcess.start(settings_of(model, options, socket))
        runner = cls(model, options, process, socket)
        try:
            async with asyncio.timeout(settings.load_timeout()):
                outcome = await process.ready()
                runner.vram = outcome["vram"]
                await runner._look()
        except TimeoutError as error:
            await process.stop()
            raise EngineError(_LOAD_TIMED_OUT) from error
        except BaseException:
            await process.stop()
            raise
        return runner

    async def _look(self) -> None:
        """Ask llama.cpp what it sees in the model's template. Raises EngineError."""
        try:
            async with asked(self._socket, "/props") as reply:
                props = json.loads(await reply.whole())
        except (Broken, ValueError) as error:
            await self.stop()
            raise EngineError(f"error loading model: {self._process.end}") from error
        self.marker = props.get("media_marker") or ""
        caps = props.get("chat_template_caps") or {}
        self.parses_thinking = bool(caps.get("supports_preserve_reasoning"))

    @property
    def alive(self) -> bool:
        """Whether its process still runs, as far as is known."""
        return self._process.alive and not self._broken

    async def stop(self) -> None:
        """Unload the model."""
        await self._process.stop()

    def kill(self) -> None:
        """Unload it without waiting; `stop` is still to be called."""
        self._process.kill()

    async def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One question with one answer. Raises EngineError."""
        try:
            async with asked(self._socket, path, body) as reply:
                whole = await reply.whole()
        except Broken as error:
            raise self._broke() from error
        if reply.refused:
            raise refusal(reply.status, whole)
        answer: dict[str, Any] = json.loads(whole)
        return answer

    async def stream(
        self, path: str, body: dict[str, Any], decode: Callable[[bytes], Event]
    ) -> AsyncGenerator[list[Event], None]:
        """The events of an answer, those together that came at once. Raises EngineError.

        Closing the generator stops the model.
        """
        try:
            async with asked(self._socket, path, body | _STREAMED) as reply:
                if reply.refused:
                    raise refusal(reply.status, await reply.whole())
                async for lines in reply.lines():
                    events, error = _decoded(lines, decode)
                    if events:
                        yield events
                    if error:
                        raise error
        except Broken as error:
            raise self._broke() from error

    def _broke(self) -> EngineError:
        """The connection broke, which the child's end does a moment before it is known."""
        self._broken = True
        return EngineError(BROKEN)


def _decoded(
    lines: list[bytes], decode: Callable[[bytes], Event]
) -> tuple[list[Event], Exception | None]:
    """The events that lines tell, and the error that ended them."""
    events: list[Event] = []
    for line in lines:
        try:
            text = _told(line)
            events += [decode(text)] if text else []
        except (EngineError, ValueError) as error:
            return events, error
    return events, None


def _told(line: bytes) -> bytes:
    """The event that a line tells, if it does. Raises EngineError."""
    kind, _colon, text = line.partition(b": ")
    if kind == b"error" or text.startswith(_ERROR):
        raise refusal(_FAULT, text)
    return text if kind == b"data" and text != _DONE else b""


def refusal(status: int, body: bytes) -> EngineError:
    """The child's error, unwrapped; `status` where it tells none."""
    try:
        answer = json.loads(body)
        told = answer.get("error", answer)
        return EngineError(str(told.get("message", told)), told.get("code", status))
    except (ValueError, AttributeError):
        return EngineError(body.decode(errors="replace") or BROKEN, status)


def settings_of(model: Model, options: LoadOptions, socket: Path) -> dict[str, Any]:
    """What the child is told, in the names of llama.cpp's parameters."""
    threads = options.threads or cores.usable()
    params: dict[str, Any] = {
        "model.path": str(model.weights),
        "hostnames": [str(socket)],
        "port": 0,
        "n_ctx": options.cells,
        "n_parallel": options.parallel,
        "cpuparams.n_threads": threads,
        "cpuparams_batch.n_threads": threads,
        "n_gpu_layers": options.gpu_layers,
        "main_gpu": options.main_gpu,
        "ctx_shift": options.shift,
        "cache_ram_mib": _PROMPT_CACHE_MIB,
        "verbosity": _CHATTY if settings.debugs() else _ERRORS_ONLY,
        "ui": False,
        "offline": True,
        "warmup": False,
        "sse_ping_interval": -1,
    }
    if options.mmap is not None:
        params["load_mode"] = int(options.mmap)
    if model.projector:
        params["mmproj.path"] = str(model.projector)
    if model.adapter:
        params["lora"] = str(model.adapter)
    if is_jinja(model.template):
        params["chat_template"] = model.template
    embeds = "embedding" in model.capabilities
    if embeds:
        params["embedding"] = True
    return {
        "params": params,
        "cpu": _batch(options, _cpu_batch(model.weights), embeds=embeds) | {"fit_params": False},
        "gpu": _batch(options, _GPU_BATCH, embeds=embeds) | {"fit_params": options.gpu_layers < 0},
    }


def _cpu_batch(weights: Path | None) -> int:
    """Tokens read at once: a client that leaves while its prompt is read waits for the end of them.

    Measured beside 512, a prompt takes a twentieth longer in parts of 128, and a tenth in parts of
    64; those of a large model take their time.
    """
    return 128 if weights and weights.stat().st_size < _SMALL_MODEL else 64


def _batch(options: LoadOptions, default: int, *, embeds: bool) -> dict[str, int]:
    """An embedding is made in one batch, so that must hold the whole text."""
    size = options.context if embeds else min(options.batch or default, options.context)
    return {"n_batch": size, "n_ubatch": size}
