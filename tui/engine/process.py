"""A model's child process: started, watched, ended, and its death put into words."""

import asyncio
import json
import logging
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from contextlib import suppress
from typing import Any

from tui.engine.errors import EngineError

_log = logging.getLogger(__name__)

_KEPT_LINES, _LONGEST_LINE = 60, 1 << 20
_DRAIN_SECONDS = 2.0
_ERROR = " E "
"""What marks an error in llama.cpp's log."""
_COMMAND = (sys.executable, "-P", "-m", "tui.engine.child")
# Waiting threads that spin take the cores from whatever else runs: decoding was ten times slower.
_QUIET_THREADS = {"OMP_WAIT_POLICY": "PASSIVE"}
_NEEDED = re.compile(
    "PATH|HOME|USER|TMPDIR|TZ|LANG|LC_.*|PYTHON.*|VIRTUAL_ENV|(DY)?LD_.*|G?OMP_.*|GGML_.*|LLAMA_.*|"
    "CUDA_.*|NVIDIA_.*|HIP_.*|HSA_.*|RO[CM].*|ZE_.*|ONEAPI_.*|SYCL_.*|VK_.*|MESA_.*|XDG_RUNTIME_DIR"
)
_SECRET = re.compile("KEY|TOKEN|SECRET|PASS|AUTH")
_WORDS = {
    signal.SIGILL: "this processor lacks instructions (AVX2) that llama.cpp was built with",
    signal.SIGKILL: "memory probably ran out: try a smaller model or a smaller num_ctx",
    signal.SIGBUS: "the model file could not be read: the disk failed or the file was cut off",
}


class ModelProcess:
    """A child with a model in it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._stderr: deque[str] = deque(maxlen=_KEPT_LINES)
        self._told = asyncio.Event()
        self._draining = asyncio.create_task(self._drain())

    @classmethod
    async def start(cls, settings: dict[str, Any]) -> "ModelProcess":
        """Start a child; it is killed again if this is cancelled. Raises EngineError."""
        try:
            process = await asyncio.create_subprocess_exec(
                *_COMMAND, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=_LONGEST_LINE,
                env=_environment(), start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise EngineError(f"no process could be started for the model: {error}") from error
        child = cls(process)
        try:
            await child._send(settings)
        except BaseException:
            await child.stop()
            raise
        return child

    async def _send(self, settings: dict[str, Any]) -> None:
        assert self._process.stdin
        with suppress(ConnectionError):  # a child that died at once is told of by `ready`
            self._process.stdin.write(json.dumps(settings).encode() + b"\n")
            await self._process.stdin.drain()

    async def ready(self) -> dict[str, Any]:
        """What the child says once the model is loaded. Raises EngineError with the real reason."""
        assert self._process.stdout
        line = await self._process.stdout.readline()
        outcome: dict[str, Any] = json.loads(line) if line else {"error": ""}
        if "error" not in outcome:
            return outcome
        await self._explained()
        raise EngineError(f"error loading model: {self._reason() or outcome['error'] or self.end}")

    async def _explained(self) -> None:
        """Wait until the child has said why it failed, or is gone without a word."""
        saying = asyncio.create_task(self._told.wait())
        ending = {saying, self._draining}
        await asyncio.wait(ending, timeout=_DRAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        saying.cancel()
        await self.stop()

    @property
    def alive(self) -> bool:
        """Whether the child still runs."""
        return self._process.returncode is None

    @property
    def end(self) -> str:
        """How the child ended, in words."""
        code = self._process.returncode
        if code is None or code >= 0:
            return f"the model's process ended with code {code}"
        with suppress(ValueError):
            kind = signal.Signals(-code)
            why = _WORDS.get(kind, "a fault in llama.cpp or in the model file")
            return f"the model's process ended with signal {kind.name}: {why}"
        return f"the model's process ended with signal {-code}"

    async def stop(self) -> None:
        """End the child at once: it holds nothing that would have to be saved."""
        self.kill()
        await self._process.wait()
        self._draining.cancel()

    def kill(self) -> None:
        """As `stop`, without waiting."""
        if self.alive:
            with suppress(ProcessLookupError):
                self._process.kill()

    def _reason(self) -> str:
        """The first error of llama.cpp's own log, without its stamps."""
        lines = (line.partition(_ERROR)[2] for line in self._stderr)
        found = next((line for line in lines if line), "")
        return found.split("error loading model: ")[-1]

    async def _drain(self) -> None:
        assert self._process.stderr
        while line := await self._process.stderr.readline():
            self._stderr.append(line.decode(errors="replace").rstrip())
            _log.debug("llama.cpp: %s", self._stderr[-1])
            if _ERROR in self._stderr[-1]:
                self._told.set()


def _environment() -> dict[str, str]:
    """What llama.cpp and its drivers look for, and nothing that is nobody's business there."""
    kept = {name: value for name, value in os.environ.items()
            if _NEEDED.fullmatch(name) and not _SECRET.search(name)}  # fmt: skip
    return _QUIET_THREADS | kept
