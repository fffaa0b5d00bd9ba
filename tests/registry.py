"""A small model registry on a loopback port to pull from and push to; it can break and lie."""

import hashlib
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs

_MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG_TYPE = "application/vnd.docker.container.image.v1+json"
_MANIFEST = re.compile(r"/v2/(.+)/manifests/([^/]+)")
_BLOB = re.compile(r"/v2/(.+)/blobs/(sha256:[0-9a-f]{64})")
_CONTENT = re.compile(r"/data/(sha256:[0-9a-f]{64})")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_AT_ONCE = 1 << 16

Layers = dict[str, bytes]
"""Contents by media type."""


@dataclass
class Knobs:
    """How the registry misbehaves. Sizes in bytes."""

    rate: int = 0
    """Bytes a second over all transfers; 0 is no limit."""
    cut_after: int = 0
    """Drop the connection once this many bytes of blobs have gone out."""
    cuts: int = 1
    """How often to drop it."""
    stall: bool = False
    """Fall silent where the connection would be dropped."""
    corrupt: bool = False
    """Flip one byte in the middle of each blob."""
    endless: bool = False
    """Send more behind each stretch of a blob that is asked for, for ever."""
    only_over: int = 0
    """Spare smaller blobs the cuts and the corruption."""
    manifest_status: int = 0
    """Answer every manifest with this status."""
    deny_push: bool = False
    """Refuse every upload."""
    redirect_uploads: bool = False
    """Send the first part of an upload on to another host name."""
    token: str = ""
    """Ask for this token, and give it to anybody."""


@dataclass
class Seen:
    """What was asked for."""

    paths: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    """Stretches of files that were sent side by side."""
    sent: int = 0
    """Bytes of blobs since the last cut."""
    cut: int = 0
    uploads: list[str] = field(default_factory=list)
    """Content-Range of the parts that were brought."""
    redirected_tokens: list[str] = field(default_factory=list)
    """Authorization headers that came where a redirect led."""


class Registry:
    """Serves models that were put into it, in a thread of its own.

    As at the public registry, a blob is answered with a 307 to another host name (here
    `localhost`), where its bytes are served with ranges.
    """

    def __init__(self, knobs: Knobs | None = None) -> None:
        self.knobs = knobs or Knobs()
        self.seen = Seen()
        self.manifests: dict[str, bytes] = {}
        self.blobs: dict[str, bytes] = {}
        self.arriving: dict[str, bytearray] = {}
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(self)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        """The host part of the names of its models; ask for them with `insecure`."""
        return f"127.0.0.1:{self.port}"

    def add(self, name: str, layers: Layers, config: bytes = b'{"model_format":"gguf"}') -> str:
        """Put in a model, such as `library/tiny:latest`; its full name."""
        rows = [self._row(media_type, content) for media_type, content in layers.items()]
        manifest = {
            "schemaVersion": 2,
            "mediaType": _MANIFEST_TYPE,
            "config": self._row(_CONFIG_TYPE, config),
            "layers": rows,
        }
        self.manifests[name] = json.dumps(manifest).encode()
        return f"{self.host}/{name}"

    def add_gguf(self, name: str, path: Path) -> str:
        """Put in a model that is only its weights; its full name."""
        return self.add(name, {"application/vnd.ollama.image.model": path.read_bytes()})

    def _row(self, media_type: str, content: bytes) -> dict[str, str | int]:
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        self.blobs[digest] = content
        return {"mediaType": media_type, "digest": digest, "size": len(content)}

    def cuts_now(self, blob: int, count: int) -> bool:
        """Whether the connection is to be dropped after `count` more bytes."""
        knobs, seen = self.knobs, self.seen
        if not knobs.cut_after or blob < knobs.only_over:
            return False
        with self._lock:
            seen.sent += count
            if seen.sent <= knobs.cut_after or seen.cut >= knobs.cuts:
                return False
            seen.cut, seen.sent = seen.cut + 1, 0
            return True


def random_bytes(count: int, seed: int = 1) -> bytes:
    """Contents for a blob that no other has."""
    return random.Random(seed).randbytes(count)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A client that was cut off may leave a thread behind for a moment.
    block_on_close = False

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        super().__init__(("127.0.0.1", 0), _Exchange)


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        registry = self.server.registry
        registry.seen.paths.append(self.path)
        if found := _CONTENT.fullmatch(self.path):
            registry.seen.redirected_tokens.append(self.headers.get("Authorization", ""))
            self._send_content(registry.blobs.get(found[1]))
        elif self.path.startswith("/token"):
            self._answer(200, json.dumps({"token": registry.knobs.token}).encode())
        elif self._unauthorized():
            realm = f'Bearer realm="http://{registry.host}/token",service="test",scope="pull"'
            self._answer(401, b"{}", WWW_Authenticate=realm)
        elif found := _MANIFEST.fullmatch(self.path):
            self._send_manifest(f"{found[1]}:{found[2]}")
        elif (found := _BLOB.fullmatch(self.path)) and found[2] in registry.blobs:
            self._answer(307, Location=f"http://localhost:{registry.port}/data/{found[2]}")
        else:
            self._refuse(404, "NOT_FOUND", "no such path")

    def do_HEAD(self) -> None:
        found = _BLOB.fullmatch(self.path)
        self._answer(200 if found and found[2] in self.server.registry.blobs else 404)

    def do_POST(self) -> None:
        """An upload begins, unless the file is here under another name."""
        registry, (path, _mark, query) = self.server.registry, self.path.partition("?")
        mounted = parse_qs(query).get("mount", [""])[0]
        if registry.knobs.deny_push:
            self._refuse(403, "DENIED", "requested access to the resource is denied")
        elif mounted in registry.blobs:
            self._answer(201)
        else:
            upload = f"{path}{len(registry.arriving)}"
            registry.arriving[upload] = bytearray()
            self._answer(202, Location=f"http://{registry.host}{upload}")

    def do_PATCH(self) -> None:
        """A part of a file; the first one is sent on to another host name."""
        registry = self.server.registry
        content = self.rfile.read(int(self.headers["Content-Length"]))
        asked = self.headers["Content-Range"]
        if registry.knobs.redirect_uploads:
            self._answer(307, Location=f"http://localhost:{registry.port}{self.path}")
            return
        registry.seen.uploads.append(asked)
        start = int(asked.partition("-")[0])
        registry.arriving[self.path][start : start + len(content)] = content
        self._answer(202, Location=f"http://{registry.host}{self.path}")

    def do_PUT(self) -> None:
        """The end of an upload, or a manifest."""
        registry, (path, _mark, query) = self.server.registry, self.path.partition("?")
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if found := _MANIFEST.fullmatch(path):
            registry.manifests[f"{found[1]}:{found[2]}"] = content
            self._answer(201)
        elif not query:
            registry.knobs.redirect_uploads = False
            registry.seen.redirected_tokens.append(self.headers.get("Authorization", ""))
            registry.arriving[path][:] = content
            self._answer(200)
        else:
            digest = parse_qs(query)["digest"][0]
            whole = bytes(registry.arriving.pop(path))
            if digest != "sha256:" + hashlib.sha256(whole).hexdigest():
                self._refuse(400, "DIGEST_INVALID", "provided digest did not match")
                return
            registry.blobs[digest] = whole
            self._answer(201)

    def _unauthorized(self) -> bool:
        token = self.server.registry.knobs.token
        return bool(token) and self.headers.get("Authorization") != f"Bearer {token}"

    def _send_manifest(self, name: str) -> None:
        registry = self.server.registry
        if status := registry.knobs.manifest_status:
            self._refuse(status, "UNKNOWN", "the registry was told to fail")
        elif name in registry.manifests:
            self._answer(200, registry.manifests[name])
        else:
            self._refuse(404, "MANIFEST_UNKNOWN", "manifest unknown")

    def _refuse(self, status: int, code: str, message: str) -> None:
        self._answer(status, json.dumps({"errors": [{"code": code, "message": message}]}).encode())

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _send_content(self, content: bytes | None) -> None:
        if content is None:
            self._refuse(404, "BLOB_UNKNOWN", "blob unknown to registry")
            return
        asked = self.headers.get("Range", "")
        self.server.registry.seen.ranges.append(asked)
        found = _RANGE.fullmatch(asked)
        start = int(found[1]) if found else 0
        end = min(int(found[2]) + 1, len(content)) if found and found[2] else len(content)
        self.send_response(206 if found else 200)
        if not self.server.registry.knobs.endless:
            self.send_header("Content-Length", str(end - start))
        if found:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
        self.end_headers()
        seen = self.server.registry.seen
        seen.at_once += 1
        seen.most_at_once = max(seen.most_at_once, seen.at_once)
        try:
            self._send_stretch(self._shown(content), start, end)
            while self.server.registry.knobs.endless:
                self.wfile.write(bytes(_AT_ONCE))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            seen.at_once -= 1

    def _shown(self, content: bytes) -> bytes:
        knobs = self.server.registry.knobs
        if not knobs.corrupt or len(content) < knobs.only_over:
            return content
        middle = len(content) // 2
        return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]

    def _send_stretch(self, content: bytes, start: int, end: int) -> None:
        registry = self.server.registry
        rate = registry.knobs.rate
        step = min(_AT_ONCE, max(1024, rate // 20)) if rate else _AT_ONCE
        for at in range(start, end, step):
            piece = content[at : min(at + step, end)]
            if rate:
                time.sleep(len(piece) / rate)
            if registry.cuts_now(len(content), len(piece)):
                if registry.knobs.stall:
                    registry.closing.wait()
                self.close_connection = True
                return
            self.wfile.write(piece)
