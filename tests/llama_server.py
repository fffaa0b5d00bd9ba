"""llama.cpp's own HTTP server over a tiny model, as a process of its own: no fake at all.

It comes with the wheel that the engine runs on. `python tests/llama_server.py FILE.gguf` prints
where it listens, and ends when its stdin does.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tiny_gguf

ALIAS = "tiny/Llama-0.1M-Instruct"
WINDOW = 512


@contextmanager
def llama_server(folder: Path) -> Iterator[str]:
    """The server's address while it runs."""
    gguf = tiny_gguf.write(folder / "tiny.gguf")
    command = [sys.executable, str(Path(__file__).resolve()), str(gguf)]
    with (
        (folder / "llama.log").open("wb") as log,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as server,
    ):
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()


def _serve(gguf: str) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = gguf
    params.model_alias = {ALIAS}
    params.n_ctx = WINDOW
    params.n_parallel = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _serve(sys.argv[1])
