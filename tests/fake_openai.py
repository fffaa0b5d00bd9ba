"""A fake server of OpenAI's API: real HTTP, no model. It can play each make that clients meet.

    async with FakeOpenAI(make="vllm", reply="Hello.") as fake: ... fake.url ...
    python tests/fake_openai.py --make vllm --port 8000

What each make answers is written after what its makers publish; `streams/README.md` names where.
Like the fake Ollama it has knobs, a brake (`hold.clear()` stops every stream after one event) and a
memory (`asked`, `hung_up`).
"""

import argparse
import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from http_server import HttpServer, Reply, Request

Handler = Callable[[Request, Reply], Awaitable[None]]

MODEL = "meta-llama/Llama-3.1-8B-Instruct"
_OWNERS = {
    "vllm": "vllm", "sglang": "sglang", "llamacpp": "llamacpp", "lmstudio": "organization_owner",
    "litellm": "openai", "gateway": "local", "ray": "organization-owner", "plain": "somebody",
}  # fmt: skip
_CREATED = 1763980800


def _released() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(kw_only=True, eq=False)
class FakeOpenAI(HttpServer):
    """Everything may be changed between requests, too."""

    host: str = "127.0.0.1"
    port: int = 0
    make: str = "vllm"
    version: str = "0.11.0"
    models: list[str] = field(default_factory=lambda: [MODEL])
    window: int = 32768
    reply: str = "It is 4, I think."
    thinking: str = ""
    reasoning_field: str = "reasoning"
    calls: list[dict[str, Any]] = field(default_factory=list)
    """Of tools, in OpenAI's form."""
    finish: str = "stop"
    cached: int = 0
    key: str = ""
    prefix: str = ""
    """The path below which all is."""
    loading: bool = False
    """llama.cpp: the model is not in memory yet."""
    loaded: bool = True
    """LM Studio: its models are."""
    errors: dict[str, tuple[int, object]] = field(default_factory=dict)
    """By path (or `*`): the status and the body of what is refused."""
    behind: str = "openai/"
    """What LiteLLM says of the servers that it passes questions on to."""
    refuses: str = ""
    """A field of a question that is not known."""
    retry_after: str = ""
    drop_after: int = 0
    """Events after which the connection breaks; 0 is never."""
    error_after: int = 0
    """Events after which an error stands in the stream."""
    hold: asyncio.Event = field(default_factory=_released)
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        HttpServer.__init__(self)

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The bodies of all chats."""
        return [body for _method, path, body in self.asked if path == "/v1/chat/completions"]

    # ---- requests ------------------------------------------------------------------------------

    async def answer(self, request: Request, reply: Reply) -> None:
        path = request.path.removeprefix(self.prefix)
        self.asked.append((request.method, path, request.body))
        self.headers.append(dict(request.headers))
        if self.prefix and not request.path.startswith(self.prefix):
            return await self._refuse(reply, 404, {"detail": "Not Found"})
        if refused := self.errors.get(path) or self.errors.get("*"):
            return await self._refuse(reply, *refused)
        told = request.headers.get("authorization")
        if self._is_locked(path) and told != f"Bearer {self.key}":
            return await self._refuse(reply, 401, {"error": "Unauthorized"})
        handler: Handler = getattr(self, "on" + re.sub(r"\W", "_", path), self._unknown)
        return await handler(request, reply)

    def _is_locked(self, path: str) -> bool:
        """vLLM guards /v1 alone, llama.cpp everything but its health."""
        return bool(self.key) and (path.startswith("/v1") or self.make in ("llamacpp", "litellm"))

    async def _unknown(self, request: Request, reply: Reply) -> None:
        if self.make == "lmstudio":
            text = f"Unexpected endpoint or method. ({request.method} {request.path})"
            return await reply.json({"error": text})
        if self.make == "llamacpp":
            error = {"code": 404, "message": "File Not Found", "type": "not_found_error"}
            return await self._refuse(reply, 404, {"error": error})
        return await self._refuse(reply, 404, {"detail": "Not Found"})

    async def _refuse(self, reply: Reply, status: int, body: object) -> None:
        named = f"{status} {HTTPStatus(status).phrase}"
        if self.retry_after:
            named += f"\r\nRetry-After: {self.retry_after}"
        if isinstance(body, str):
            await reply.send(body.encode(), named, "text/html" if "<" in body else "text/plain")
        else:
            await reply.json(body, named)

    async def on_version(self, request: Request, reply: Reply) -> None:
        if self.make != "vllm":
            return await self._unknown(request, reply)
        return await reply.json({"version": self.version})

    async def on_server_info(self, request: Request, reply: Reply) -> None:
        if self.make != "sglang":
            return await self._unknown(request, reply)
        return await reply.json({"model_path": self.models[0], "version": self.version})

    async def on_get_server_info(self, request: Request, reply: Reply) -> None:
        if self.make != "gateway":
            return await self._unknown(request, reply)
        return await reply.json({"router_manager": True, "routers_count": 1, "workers_count": 1})

    async def on_health_readiness(self, request: Request, reply: Reply) -> None:
        if self.make != "litellm":
            return await self._unknown(request, reply)
        return await reply.json({"status": "healthy", "db": "Not connected"})

    async def on_health_readiness_details(self, request: Request, reply: Reply) -> None:
        if self.make != "litellm" or not self.version:
            return await self._unknown(request, reply)
        told = {"status": "healthy", "db": "Not connected", "litellm_version": self.version}
        return await reply.json(told)

    async def on_model_info(self, request: Request, reply: Reply) -> None:
        if self.make != "litellm":
            return await self._unknown(request, reply)
        about = {"max_input_tokens": self.window, "mode": "chat"}
        told = [
            {
                "model_name": name,
                "model_info": about,
                "litellm_params": {"model": self.behind + name},
            }
            for name in self.models
        ]
        return await reply.json({"data": told})

    async def on_props(self, request: Request, reply: Reply) -> None:
        if self.make != "llamacpp":
            return await self._unknown(request, reply)
        if self.loading:
            return await self._still_loading(reply)
        return await reply.json({
            "default_generation_settings": {"n_ctx": self.window, "params": {"top_k": 40}},
            "total_slots": 4, "model_path": self.models[0],
            "chat_template": "{% if enable_thinking %}<think>{% endif %}",
            "chat_template_caps": {"supports_tools": True},
            "modalities": {"vision": True, "audio": False}, "build_info": "b6789-abcdef12",
        })  # fmt: skip

    async def _still_loading(self, reply: Reply) -> None:
        error = {"code": 503, "message": "Loading model", "type": "unavailable_error"}
        await self._refuse(reply, 503, {"error": error})

    async def on_v1_models(self, request: Request, reply: Reply) -> None:
        await reply.json({"object": "list", "data": [self._entry(name) for name in self.models]})

    def _entry(self, name: str) -> dict[str, Any]:
        entry = {"id": name, "object": "model", "owned_by": _OWNERS[self.make]}
        match self.make:
            case "vllm" | "sglang":
                more = {"created": _CREATED, "root": name, "parent": None,
                        "max_model_len": self.window}  # fmt: skip
            case "llamacpp":
                meta = {"vocab_type": 2, "n_ctx_train": 131072, "n_embd": 4096,
                        "n_params": 8030261312, "size": 4912898304}  # fmt: skip
                more = {"created": _CREATED, "meta": None if self.loading else meta}
            case "ray":
                more = {"metadata": {"model_id": name, "max_request_context_length": self.window}}
            case _:
                more = {}
        return {**entry, **more}

    async def on_api_v0_models(self, request: Request, reply: Reply) -> None:
        if self.make != "lmstudio":
            return await self._unknown(request, reply)
        more = {"object": "model", "type": "vlm", "publisher": "somebody", "arch": "llama",
                "compatibility_type": "gguf", "quantization": "Q4_K_M",
                "state": "loaded" if self.loaded else "not-loaded",
                "max_context_length": self.window}  # fmt: skip
        told = {"object": "list", "data": [{"id": name, **more} for name in self.models]}
        return await reply.json(told)

    async def on_tokenize(self, request: Request, reply: Reply) -> None:
        await reply.json({"count": 2, "max_model_len": self.window, "tokens": [1, 2]})

    async def on_detokenize(self, request: Request, reply: Reply) -> None:
        await reply.json({"prompt": f"<|user|>{request.body['tokens']}"})

    async def on_apply_template(self, request: Request, reply: Reply) -> None:
        await reply.json({"prompt": f"<|user|>{request.body['messages'][-1]['content']}"})

    async def on_v1_embeddings(self, request: Request, reply: Reply) -> None:
        told = [{"object": "embedding", "index": at, "embedding": [float(at), 0.5]}
                for at, _text in enumerate(request.body["input"])]  # fmt: skip
        await reply.json({"object": "list", "data": told[::-1], "model": request.body["model"]})

    # ---- chats ---------------------------------------------------------------------------------

    async def on_v1_chat_completions(self, request: Request, reply: Reply) -> None:
        body = request.body
        if self.loading:
            return await self._still_loading(reply)
        if body.get("model") not in self.models and self.make != "llamacpp":
            text = f"The model `{body.get('model')}` does not exist."
            error = {"message": text, "type": "NotFoundError", "param": "model", "code": 404}
            return await self._refuse(reply, 404, {"error": error})
        if self.refuses in body:
            text = f"Unsupported parameter: '{self.refuses}' is not supported with this model."
            if self.refuses == "max_tokens":
                text += " Use 'max_completion_tokens' instead."
            return await self._refuse(reply, 400, {"error": {"message": text, "type": "invalid"}})
        if self.make == "sglang" and (wanted := body.get("max_tokens", 0) + 20) > self.window:
            text = (
                "Requested token count exceeds the model's maximum context length of "
                f"{self.window} tokens. You requested a total of {wanted} tokens: 20 tokens from "
                f"the input messages and {body['max_tokens']} tokens for the completion."
            )
            return await self._refuse(reply, 400, {"object": "error", "message": text})
        return await self._stream(body, reply)

    async def _stream(self, body: dict[str, Any], reply: Reply) -> None:
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": _CREATED,
                "model": body["model"]}  # fmt: skip
        for delta in self._deltas():
            await self._tell(reply, {**head, "choices": [_choice(delta)]})
        await self._tell(reply, {**head, "choices": [_choice({}, self.finish)]})
        if body.get("stream_options", {}).get("include_usage"):
            await self._tell(reply, {**head, "choices": [], "usage": self._usage()})
        await reply.chunk(b"data: [DONE]\n\n", "text/event-stream; charset=utf-8")
        await reply.end()

    def _deltas(self) -> Iterator[dict[str, Any]]:
        yield {"role": "assistant", "content": ""}
        for piece in re.findall(r"\S+\s*", self.thinking):
            yield {self.reasoning_field: piece}
        for piece in re.findall(r"\S+\s*", self.reply):
            yield {"content": piece}
        for at, call in enumerate(self.calls):
            yield {"tool_calls": [{"index": at, "type": "function", **call}]}

    def _usage(self) -> dict[str, Any]:
        count = len([*self._deltas()]) - 1
        return {"prompt_tokens": 12, "completion_tokens": count, "total_tokens": 12 + count,
                "prompt_tokens_details": {"cached_tokens": self.cached}}  # fmt: skip

    async def _tell(self, reply: Reply, chunk: object) -> None:
        """One event, with the faults and the brake."""
        if reply.lines > 1:
            await self.hold.wait()
        if self.drop_after and reply.lines >= self.drop_after:
            reply.abort()
        if self.error_after and reply.lines >= self.error_after:
            chunk = {"error": {"message": "EngineCore died", "type": "Internal", "code": 500}}
        data = json.dumps(chunk, ensure_ascii=False).encode()
        await reply.chunk(b"data: %s\n\n" % data, "text/event-stream; charset=utf-8")


def _choice(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


async def _serve(options: argparse.Namespace) -> None:
    fake = FakeOpenAI(make=options.make, port=options.port, models=options.model, key=options.key)
    async with fake:
        print(f"listening at {fake.url}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make", choices=[*_OWNERS], default="vllm")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--model", nargs="+", default=[MODEL])
    parser.add_argument("--key", default="")
    asyncio.run(_serve(parser.parse_args()))
