"""A fake Ollama server: real HTTP, no model, no GPU. For tests, pictures and benchmarks.

    async with FakeOllama(reply="Hello.") as fake: ... fake.url ...
    python tests/fake_ollama.py --port 11500 --tps 50 --tokens 2000 --log requests.jsonl

It has knobs (see fake_knobs), a brake (`hold.clear()` stops every stream after one line) and a
memory (`asked`, `hung_up`). Times in the log are time.monotonic(), which on Linux all processes
share, so a harness can compare them with its own clock.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import fake_models
from fake_knobs import Knobs
from fake_models import full, sha, span, stamp
from http_server import HttpServer, Reply, Request

Wrap = Callable[[str, str], dict[str, Any]]

_SHARES = (0.98, 0.012, 0.006, 0.001, 0.001)
"""How a pull's bytes are spread over its layers."""


class Ended(Exception):
    """The stream was ended before its time, as a knob asked for."""


@dataclass(kw_only=True, eq=False)
class FakeOllama(Knobs, HttpServer):
    """Answers the native API (/api/...) and the part of /v1/... that chat clients use."""

    def __post_init__(self) -> None:
        HttpServer.__init__(self)
        for number, name in enumerate(self.names):
            self.add_model(name, number)

    def now(self) -> datetime:
        return self.moment or datetime.now(UTC)

    def add_model(self, name: str, hours_ago: int = 0) -> dict[str, Any]:
        capabilities = ["embedding"] if "embed" in name else ["completion", "tools"]
        if self.thinking and "embed" not in name:
            capabilities.append("thinking")
        model = fake_models.make(name, self.now() - timedelta(hours=hours_ago), capabilities)
        self.models[name] = model
        return model

    def log(self, event: str, **fields: object) -> None:
        if self.log_file:
            self.log_file.write(
                json.dumps({"t": time.monotonic(), "event": event, **fields}) + "\n"
            )

    # ---- requests ------------------------------------------------------------------------------

    async def answer(self, request: Request, reply: Reply) -> None:
        self.asked.append((request.method, request.path, request.body))
        self.headers.append(dict(request.headers))
        self.log(
            "request",
            n=len(self.asked),
            method=request.method,
            path=request.path,
            body=len(request.raw) if self.short_log else request.body,
        )
        if error := self._error_for(request.path):
            return await _refuse(reply, *error)
        with suppress(Ended):
            await self._route(request)(request, reply)
        return None

    def _error_for(self, path: str) -> tuple[int, str] | None:
        if self.http_500_rate and self.chance.random() < self.http_500_rate:
            return 500, "injected failure"
        return self.errors.get(path) or self.errors.get("*")

    def _route(self, request: Request) -> Callable[[Request, Reply], Any]:
        if request.path.startswith("/api/blobs/"):
            return self.on_blob
        name = request.path.strip("/").replace("/", "_") or "root"
        handler: Callable[[Request, Reply], Any] = getattr(self, f"on_{name}", self.on_unknown)
        return handler

    async def on_unknown(self, request: Request, reply: Reply) -> None:
        await reply.send(b"404 page not found", "404 Not Found", "text/plain")

    async def on_root(self, request: Request, reply: Reply) -> None:
        await reply.send(b"Ollama is running", kind="text/plain; charset=utf-8")

    def find(self, name: str) -> str | None:
        """The name under which a model is stored, however it was asked for."""
        wanted = full(name).lower()
        return next((each for each in self.models if full(each).lower() == wanted), None)

    async def _model(self, request: Request, reply: Reply) -> str:
        """The stored name of the model asked about; answers itself if there is none."""
        asked = request.body.get("model") or request.body.get("name") or ""
        if found := self.find(asked):
            return found
        status = 404 if asked else 400
        await _refuse(reply, status, f"model '{asked}' not found" if asked else "model is required")
        raise Ended

    async def tell(self, reply: Reply, data: object) -> None:
        """One line of a stream, with the faults and the brake."""
        if reply.lines:
            await self.hold.wait()
        if self.drop_after and reply.lines >= self.drop_after:
            self.log("dropped", sent=reply.lines)
            reply.abort()
        if self.error_after and reply.lines >= self.error_after:
            self.log("error_line", sent=reply.lines)
            await reply.line({"error": self.error_text})
            await reply.end()
            raise Ended
        await reply.line(data)

    # ---- chat and generate ---------------------------------------------------------------------

    async def on_api_chat(self, request: Request, reply: Reply) -> None:
        def wrap(kind: str, text: str) -> dict[str, Any]:
            said = {"content": text} if kind == "content" else {"content": "", kind: text}
            return {"message": {"role": "assistant", **said}}

        await self._native(request, reply, wrap)

    async def on_api_generate(self, request: Request, reply: Reply) -> None:
        def wrap(kind: str, text: str) -> dict[str, Any]:
            return {"response": text} if kind == "content" else {"response": "", kind: text}

        await self._native(request, reply, wrap)

    async def _native(self, request: Request, reply: Reply, wrap: Wrap) -> None:
        name, body = await self._model(request, reply), request.body
        if refused := self._refusal(name, body):
            return await _refuse(reply, 400, refused)
        head = {"model": name, "created_at": stamp(self.now())}
        unload = body.get("keep_alive") is not None and span(body["keep_alive"]) == timedelta()
        if not body.get("prompt") and not body.get("messages"):
            reason = "unload" if unload else "load"
            await self._keep(name, body)
            return await reply.json({**head, **wrap("content", ""), **_done(reason)})
        if body.get("_debug_render_only") and self.renders:
            return await reply.json({**head, "_debug_info": {"rendered_template": _rendered(body)}})
        await self._keep(name, body)
        await (self._whole if body.get("stream") is False else self._streamed)(
            reply, name, body, wrap
        )
        if unload:
            self.loaded.pop(name, None)
        return None

    def _refusal(self, name: str, body: dict[str, Any]) -> str:
        able = self.models[name]["capabilities"]
        if "completion" not in able:
            return f'"{name}" does not support {"chat" if "messages" in body else "generate"}'
        if body.get("think") and "thinking" not in able:
            return f'"{name}" does not support thinking'
        if body.get("tools") and "tools" not in able:
            return f"registry.ollama.ai/library/{name} does not support tools"
        return ""

    async def _keep(self, name: str, body: dict[str, Any]) -> None:
        """Load a model, or unload it, as `keep_alive` says."""
        keep = span(body.get("keep_alive", "5m"))
        asks = body.get("prompt") or body.get("messages") or body.get("input")
        if not keep and not asks:
            self.loaded.pop(name, None)
            return
        if name not in self.loaded and self.load_delay:
            await asyncio.sleep(self.load_delay)
        model = {key: value for key, value in self.models[name].items() if key != "modified_at"}
        self.loaded[name] = {
            **model,
            "expires_at": stamp(self.now() + keep),
            "size_vram": model["size"] * 3 // 4,
            "context_length": (body.get("options") or {}).get("num_ctx", 4096),
        }

    async def _whole(self, reply: Reply, name: str, body: dict[str, Any], wrap: Wrap) -> None:
        start, parts = time.monotonic(), [part async for part in self._parts(body)]
        text = "".join(text for kind, text in parts if kind == "content")
        await reply.json(
            {
                "model": name,
                "created_at": stamp(self.now()),
                **wrap("content", text),
                **self._counts(start, body, len(parts)),
            }
        )

    async def _streamed(self, reply: Reply, name: str, body: dict[str, Any], wrap: Wrap) -> None:
        start, count = time.monotonic(), 0

        async def tell(said: dict[str, Any], **more: object) -> None:
            stamped = {"model": name, "created_at": stamp(self.now())}
            await self.tell(reply, {**stamped, **said, "done": False, **more})

        if body.get("tools") and self.tool_calls:
            said = {"role": "assistant", "content": "", "tool_calls": self.tool_calls}
            await tell({"message": said})
        async for kind, text in self._parts(body):
            count += 1
            await tell(wrap(kind, text))
        await tell(wrap("content", ""), **self._counts(start, body, count))
        await reply.end()

    async def _parts(self, body: dict[str, Any]) -> AsyncIterator[tuple[str, str]]:
        """What the model says, kind and text, on an absolute schedule."""
        if self.first_byte_delay:
            await asyncio.sleep(self.first_byte_delay)
        self.replies += 1
        parts = [("content", text) for text in self._said()]
        if self.think_always or (self.thinking and body.get("think") is not False):
            parts = [*(("thinking", text) for text in tokenise(self.thinking)), *parts]
        limit = (body.get("options") or {}).get("num_predict", 0)
        start = time.monotonic()
        self.log("first_token", reply=self.replies)
        for number, part in enumerate(parts[:limit] if limit > 0 else parts):
            if self.tps:
                await asyncio.sleep(max(start + number / self.tps - time.monotonic(), 0))
            elif number % 64 == 0:
                await asyncio.sleep(0)
            yield part
        self.log(
            "last_token", reply=self.replies, sent=len(parts), seconds=time.monotonic() - start
        )

    def _said(self) -> list[str]:
        tail = tokenise("\n\n" + self.marker.format(n=self.replies)) if self.marker else []
        if not self.tokens:
            return [*tokenise(self.reply), *tail]
        tokens = tokenise(self.reply * (1 + self.tokens * 4 // max(1, len(self.reply))))
        return [*tokens[: max(0, self.tokens - len(tail))], *tail]

    def _counts(self, start: float, body: dict[str, Any], count: int) -> dict[str, Any]:
        spent = count / (self.tps or 50) if self.moment else time.monotonic() - start
        nanoseconds = max(int(spent * 1e9), 1)
        limit = (body.get("options") or {}).get("num_predict", 0)
        return {
            **_done("length" if 0 < limit <= count else "stop"),
            "total_duration": nanoseconds + 9_000_000,
            "load_duration": 5_000_000,
            "prompt_eval_count": 26,
            "prompt_eval_duration": 4_000_000,
            "eval_count": count,
            "eval_duration": nanoseconds,
        }

    # ---- models --------------------------------------------------------------------------------

    async def on_api_version(self, request: Request, reply: Reply) -> None:
        await reply.json({"version": self.version})

    async def on_api_tags(self, request: Request, reply: Reply) -> None:
        await reply.json({"models": [*self.models.values()]})

    async def on_api_ps(self, request: Request, reply: Reply) -> None:
        await reply.json({"models": [*self.loaded.values()]})

    async def on_api_show(self, request: Request, reply: Reply) -> None:
        name = await self._model(request, reply)
        await reply.json(fake_models.card(self.models[name], self.made_of.get(name, {})))

    async def on_api_delete(self, request: Request, reply: Reply) -> None:
        name = await self._model(request, reply)
        del self.models[name]
        self.loaded.pop(name, None)
        await reply.send(b"")

    async def on_api_copy(self, request: Request, reply: Reply) -> None:
        source, name = request.body.get("source", ""), full(request.body.get("destination", ""))
        if (found := self.find(source)) is None:
            return await _refuse(reply, 404, f'model "{source}" not found')
        self._copy(found, name)
        return await reply.send(b"")

    def _copy(self, source: str, name: str) -> None:
        self.models[name] = {**self.models[source], "name": name, "model": name}
        self.made_of[name] = self.made_of.get(source, {})

    async def on_api_embed(self, request: Request, reply: Reply) -> None:
        name = await self._model(request, reply)
        await self._keep(name, request.body)
        texts = request.body.get("input") or []
        digests = [hashlib.sha256(text.encode()).digest() for text in _listed(texts)]
        vectors = [[(byte - 128) / 128 for byte in digest] for digest in digests]
        await reply.json({"model": name, "embeddings": vectors})

    # ---- the account at ollama.com ---------------------------------------------------------------

    async def on_api_me(self, request: Request, reply: Reply) -> None:
        if self.account:
            return await reply.json({"name": self.account})
        signin = {"error": "unauthorized", "signin_url": self.signin_url}
        return await reply.json(signin, "401 Unauthorized")

    async def on_api_signout(self, request: Request, reply: Reply) -> None:
        self.account = ""
        await reply.json({})

    # ---- pull, push, create --------------------------------------------------------------------

    async def on_api_pull(self, request: Request, reply: Reply) -> None:
        name = full(request.body.get("model") or request.body.get("name") or "")
        await self.tell(reply, {"status": "pulling manifest"})
        if name.rpartition("/")[2].startswith("missing"):
            return await self._fail(reply, "pull model manifest: file does not exist")
        for number, share in enumerate(_SHARES):
            digest = sha(f"{name}{number}")
            size = max(1, int(self.pull_size * share))
            await self._layer(reply, f"pulling {digest[:12]}", f"sha256:{digest}", size)
        await self._statuses(reply, "verifying sha256 digest", "writing manifest", "success")
        self.add_model(name)
        return await reply.end()

    async def _layer(self, reply: Reply, status: str, digest: str, total: int) -> None:
        head = {"status": status, "digest": digest, "total": total}
        start, base = time.monotonic(), self.pulled.get(digest, 0)
        done = base
        if not done:
            await self.tell(reply, head)  # Ollama leaves `completed` out while it is 0
        while done < total:
            await asyncio.sleep(1 / self.pull_hz)
            done = min(total, base + int((time.monotonic() - start) * self.pull_rate))
            await self.tell(reply, {**head, "completed": done})
            self.pulled[digest] = done
        if base == total:
            await self.tell(reply, {**head, "completed": total})

    async def on_api_push(self, request: Request, reply: Reply) -> None:
        name = await self._model(request, reply)
        await self.tell(reply, {"status": "retrieving manifest"})
        if "/" not in name:
            return await self._fail(reply, "requested access to the resource is denied")
        digest = self.models[name]["digest"]
        await self._layer(reply, f"pushing {digest[:12]}", f"sha256:{digest}", self.pull_size)
        await self._statuses(reply, "pushing manifest", "success")
        return await reply.end()

    async def on_api_create(self, request: Request, reply: Reply) -> None:
        body, name = request.body, full(request.body.get("model", ""))
        source = self.find(body.get("from", ""))
        if not body.get("from") and not body.get("files"):
            return await _refuse(reply, 400, "neither 'from' or 'files' was specified")
        await self.tell(reply, {"status": "reading model metadata"})
        if body.get("from") and source is None:
            return await self._fail(reply, "pull model manifest: file does not exist")
        if missing := next((d for d in body.get("files", {}).values() if d not in self.blobs), ""):
            return await self._fail(reply, f"open {missing}: no such file or directory")
        await self._statuses(reply, "creating system layer", "writing manifest", "success")
        if source:
            self._copy(source, name)
        else:
            self.add_model(name)
        self.made_of[name] = {**self.made_of.get(name, {}), **body}
        return await reply.end()

    async def on_blob(self, request: Request, reply: Reply) -> None:
        digest = request.path.rpartition("/")[2]
        if request.method == "HEAD":
            return await reply.send(b"", "200 OK" if digest in self.blobs else "404 Not Found")
        found = f"sha256:{hashlib.sha256(request.raw).hexdigest()}"
        if found != digest:
            words = f'digest mismatch, expected "{digest}", got "{found}"'
            return await _refuse(reply, 400, words)
        known = digest in self.blobs
        self.blobs[digest] = request.raw
        return await reply.send(b"", "200 OK" if known else "201 Created")

    async def _statuses(self, reply: Reply, *statuses: str) -> None:
        for status in statuses:
            await self.tell(reply, {"status": status})

    async def _fail(self, reply: Reply, words: str) -> None:
        await reply.line({"error": words})
        await reply.end()

    # ---- the OpenAI-compatible part -------------------------------------------------------------

    async def on_v1_models(self, request: Request, reply: Reply) -> None:
        created = int(self.now().timestamp())
        listed = [
            {"id": name, "object": "model", "created": created, "owned_by": "library"}
            for name in self.models
        ]
        await reply.json({"object": "list", "data": listed})

    async def on_v1_chat_completions(self, request: Request, reply: Reply) -> None:
        name, body = await self._model(request, reply), request.body
        head = {"id": f"chatcmpl-{len(self.asked)}", "created": int(self.now().timestamp())}
        head |= {"model": name, "system_fingerprint": "fp_ollama"}
        await self._keep(name, {"messages": body.get("messages")})
        if body.get("stream"):
            return await self._events(reply, head, body)
        parts = [part async for part in self._parts({"think": False})]
        message = {"role": "assistant", "content": "".join(text for _kind, text in parts)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = _usage(len(parts))
        return await reply.json(
            {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
        )

    async def _events(self, reply: Reply, head: dict[str, Any], body: dict[str, Any]) -> None:
        async def tell(choices: Sequence[dict[str, Any]], **more: object) -> None:
            event = {**head, "object": "chat.completion.chunk", "choices": choices, **more}
            await reply.chunk(b"data: " + json.dumps(event).encode() + b"\n\n", "text/event-stream")

        count = 0
        async for kind, text in self._parts({"think": bool(body.get("reasoning_effort"))}):
            count += 1
            said = {"content": text} if kind == "content" else {"content": "", "reasoning": text}
            delta = {"role": "assistant", **said}
            await tell([{"index": 0, "delta": delta, "finish_reason": None}])
        await tell([{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}])
        if (body.get("stream_options") or {}).get("include_usage"):
            await tell([], usage=_usage(count))
        await reply.chunk(b"data: [DONE]\n\n")
        await reply.end()


def tokenise(text: str, size: int = 4) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def _rendered(body: dict[str, Any]) -> str:
    return "".join(f"<|{each['role']}|>{each['content']}\n" for each in body["messages"])


def _done(reason: str) -> dict[str, Any]:
    return {"done": True, "done_reason": reason}


def _listed(texts: str | list[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else texts


def _usage(count: int) -> dict[str, int]:
    return {"prompt_tokens": 26, "completion_tokens": count, "total_tokens": 26 + count}


async def _refuse(reply: Reply, status: int, words: str) -> None:
    named = f"{status} {HTTPStatus(status).phrase}"
    if words and not words.startswith("<"):
        await reply.json({"error": words}, named)
    else:
        await reply.send(words.encode(), named, "text/html")


if __name__ == "__main__":
    from fake_ollama_command import main

    asyncio.run(main())
