"""The real engine, as the process it is in life, on a loopback port or a unix socket."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psutil

PATIENCE = 20.0
"""Seconds for whatever is waited for; a busy machine is slow."""


def until(happened: Callable[[], object]) -> None:
    """Wait for what happens in another process."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


class EngineProcess:
    """Started on entering, ended by SIGTERM on leaving unless it has ended before."""

    def __init__(
        self, home: Path, *arguments: str, environment: dict[str, str] | None = None
    ) -> None:
        self.home = home
        self._arguments = arguments or ("--host", "127.0.0.1:0")
        self._environment = environment or {}
        self.log = home / "stderr"

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        keys = ("OLLAMA_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(keys)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "tui.engine", *self._arguments],
                env=kept | {"OLLAMA_TUI_HOME": str(self.home)} | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self.process.stdout
        self.told: dict[str, Any] = json.loads(self.process.stdout.readline() or b"{}")
        self.url = self.told.get("listening", "")
        self.http = self._client()
        return self

    def _client(self) -> httpx.Client:
        if self.url.startswith("unix:"):
            transport = httpx.HTTPTransport(uds=self.url.removeprefix("unix:"))
            return httpx.Client(transport=transport, base_url="http://localhost", timeout=PATIENCE)
        return httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.http.close()
        self.process.terminate()
        self.ended()

    def ended(self) -> int:
        """Wait for its end; its exit code."""
        code = self.process.wait(PATIENCE)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    @property
    def models(self) -> list[psutil.Process]:
        """The processes of the loaded models."""
        return psutil.Process(self.process.pid).children()

    @property
    def blobs(self) -> Path:
        """Where it keeps its files."""
        return self.home / "data" / "models" / "blobs"

    def ask(self, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The lines of an answer."""
        response = self.http.post(path, json=body)
        return [json.loads(line) for line in response.content.split(b"\n") if line]

    def brought(self, file: Path) -> str:
        """Bring it a file; the digest."""
        content = file.read_bytes()
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        self.http.post(f"/api/blobs/{digest}", content=content).raise_for_status()
        return digest

    def create(self, name: str, gguf: Path, **more: object) -> list[dict[str, Any]]:
        """Make a model of a file."""
        files = {gguf.name: self.brought(gguf)}
        lines = self.ask("/api/create", {"model": name, "files": files, **more})
        assert lines[-1] == {"status": "success"}
        return lines
