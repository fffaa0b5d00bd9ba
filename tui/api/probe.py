"""One cheap look at an address, and at whether Ollama is installed here."""

import asyncio
import re
import shutil
import time
from asyncio.subprocess import PIPE, STDOUT
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tui.api.access import Access
from tui.api.base import Client
from tui.api.client import client_of
from tui.api.errors import (
    ConnectionRefused,
    Forbidden,
    KeyMissing,
    NotOllama,
    NotOpenAI,
    OllamaError,
    TimedOut,
    TLSFailed,
    Unauthorized,
    UnknownHostName,
)
from tui.api.refusals import no_answer
from tui.domain.hosts import HostAddress, HostKind

Result = Literal[
    "up", "refused", "timed out", "unknown name", "tls", "unauthorized", "forbidden",
    "not ollama", "not openai", "no key", "error",
]  # fmt: skip

_RESULTS: dict[type[OllamaError], Result] = {
    ConnectionRefused: "refused",
    TimedOut: "timed out",
    UnknownHostName: "unknown name",
    TLSFailed: "tls",
    Unauthorized: "unauthorized",
    Forbidden: "forbidden",
    NotOllama: "not ollama",
    NotOpenAI: "not openai",
    KeyMissing: "no key",
}
_VERSION = r"{} version is v?(\d\S*)"
_PROGRAM_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Probe:
    """What an address answered."""

    address: HostAddress
    version: str | None
    latency: float
    """Seconds from the question to the answer, or to giving up."""
    error: OllamaError | None
    result: Result


async def probe(
    address: HostAddress,
    access: Access | None = None,
    timeout: float = 3.0,  # noqa: ASYNC109 - giving up is a result here, not an exception
    kind: HostKind = "ollama",
) -> Probe:
    """Ask for the version, for `timeout` seconds at most. Never raises OllamaError."""
    access = access or Access()
    start = time.monotonic()
    async with client_of(kind, address, access, connect_timeout=timeout) as client:
        try:
            await access.headers(address)  # who keeps a key may want to be asked for longer
            start = time.monotonic()
            version = await _version(client, timeout)
        except OllamaError as error:
            result = _RESULTS.get(type(error), "error")
            return Probe(address, None, time.monotonic() - start, error, result)
    return Probe(address, version, time.monotonic() - start, None, "up")


async def _version(client: Client, seconds: float) -> str:
    try:
        async with asyncio.timeout(seconds):
            return await client.version()
    except TimeoutError as error:
        raise no_answer(client.address.shown, seconds) from error


async def find_ollama_program() -> tuple[Path, str] | None:
    """The `ollama` on the search path and its version (empty if it does not tell)."""
    path = shutil.which("ollama")
    if path is None:
        return None
    try:
        process = await asyncio.create_subprocess_exec(
            path, "--version", stdout=PIPE, stderr=STDOUT
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(_PROGRAM_PATIENCE):
            output, _errors = await process.communicate()
    except TimeoutError:
        return Path(path), ""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Path(path), version_in(output.decode(errors="replace"))


def version_in(output: str) -> str:
    """The program's own version; with another server running, `ollama version` is the server's."""
    for name in ("client", "ollama"):
        if found := re.search(_VERSION.format(name), output):
            return found[1]
    return ""
