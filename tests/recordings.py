"""Answers of a real Ollama, and a server that gives them again byte for byte."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from http_server import HttpServer, Reply, Request

FOLDER = Path(__file__).resolve().parent / "transcripts"
_LARGEST_CUT = 400


@dataclass(frozen=True, slots=True)
class Recording:
    """One call: what was asked, and what came back."""

    name: str
    method: str
    path: str
    asked: Any
    """The body of the request, decoded."""
    status_line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    ended: str

    @property
    def status(self) -> int:
        return int(self.status_line.split()[1])

    @property
    def field(self) -> dict[str, Any]:
        """The request's body, if it was an object as it should be."""
        return self.asked if isinstance(self.asked, dict) else {}

    @property
    def model(self) -> str:
        model = self.field.get("model") or self.field.get("source") or ""
        return model if isinstance(model, str) else ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The objects of the answer, one a line; none if it is no JSON."""
        try:
            return [json.loads(line) for line in self.body.split(b"\n") if line]
        except ValueError:
            return []

    @property
    def error(self) -> str:
        """What the server complained of in its last line, unwrapped as far as it goes."""
        error = self.lines[-1].get("error", "") if self.lines else ""
        return json.loads(error)["error"]["message"] if error.startswith("{") else error


@cache
def names() -> list[str]:
    """All recordings, as INDEX.tsv lists them."""
    rows = (FOLDER / "INDEX.tsv").read_text("utf-8").splitlines()[1:]
    return [row.split("\t")[0] for row in rows]


@cache
def load(name: str) -> Recording:
    meta = json.loads((FOLDER / f"{name}.meta.json").read_text("utf-8"))
    request = meta["request"]
    return Recording(
        name,
        request["method"],
        request["path"],
        request["body"],
        meta["status"],
        tuple((key, value) for key, value in meta["headers"]),
        _verbose(meta["body_bytes"]) if name == "show_verbose" else _body(name),
        meta["ended"],
    )


def _body(name: str) -> bytes:
    stream = FOLDER / f"{name}.tsv"
    if not stream.exists():
        return (FOLDER / f"{name}.body").read_bytes()
    rows = stream.read_bytes().split(b"\n")[:-1]
    return b"".join(row.split(b"\t", 1)[1] + b"\n" for row in rows)


def _verbose(size: int) -> bytes:
    """The plain answer of show with token lists that make it as long as the verbose one was."""
    card = json.loads(_body("show"))
    tokens = [f"token{number}" for number in range(size // 16)]
    card["model_info"]["tokenizer.ggml.tokens"] = tokens
    return json.dumps(card).encode()


class Replay(HttpServer):
    """Answers every request with one recording: in one piece, or cut by the dice of `seed`."""

    def __init__(self, recording: Recording, seed: int | None = None) -> None:
        super().__init__()
        self.recording = recording
        self.dice = None if seed is None else random.Random(seed)

    async def answer(self, request: Request, reply: Reply) -> None:
        chunked = ("Transfer-Encoding", "chunked") in self.recording.headers
        await reply.write(self._head(request.method))
        if request.method == "HEAD":
            return
        for piece in self._pieces():
            await reply.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        await self._end(reply, chunked)

    def _head(self, method: str) -> bytes:
        length = str(len(self.recording.body))
        rows = [
            f"{key}: {length if key == 'Content-Length' and method != 'HEAD' else value}"
            for key, value in self.recording.headers
        ]
        return "\r\n".join([self.recording.status_line, *rows, "", ""]).encode()

    def _pieces(self) -> Iterator[bytes]:
        body, at = self.recording.body, 0
        while at < len(body):
            step = self.dice.randint(1, _LARGEST_CUT) if self.dice else len(body)
            yield body[at : at + step]
            at += step

    async def _end(self, reply: Reply, chunked: bool) -> None:
        if self.recording.ended.startswith("client closed"):
            await reply.silence()
        elif self.recording.ended.startswith("eof"):
            reply.hang_up()
        elif chunked:
            await reply.end()
