"""What is asked of a model; fields that are None are not sent, so the server's default holds."""

from typing import Any

import msgspec


class _Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What chat and generate have in common."""

    model: str
    options: dict[str, Any] | None = None
    format: str | dict[str, Any] | None = None
    """`json`, or a JSON schema."""
    think: bool | str | None = None
    """None leaves it to the server, which lets a model think that can."""
    keep_alive: str | int | None = None
    truncate: bool | None = None
    """False: fail rather than drop old messages silently."""
    shift: bool | None = None
    """False: stop at the end of the context. A change of it loads the model anew."""
    logprobs: bool | None = None
    top_logprobs: int | None = None


class ChatRequest(_Request, frozen=True, kw_only=True, omit_defaults=True):
    """The body of `POST /api/chat`."""

    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]] | None = None


class GenerateRequest(_Request, frozen=True, kw_only=True, omit_defaults=True):
    """The body of `POST /api/generate`."""

    prompt: str
    suffix: str | None = None
    system: str | None = None
    template: str | None = None
    raw: bool | None = None
    images: list[str] | None = None
    """Base64, without a `data:` prefix."""
    context: list[int] | None = None
    """Token ids of an earlier answer to carry on from."""
