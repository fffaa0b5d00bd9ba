"""parllama's chats: one JSON file each."""

from typing import Any

import msgspec

from tui.domain.session import Session
from tui.store.imports.growing import About, Said, grown, moment, one_after_another
from tui.store.imports.openai import text_of


class _Message(msgspec.Struct):
    role: str
    content: str | list[Any] | None = None
    thinking: str | None = None
    images: list[Any] | None = None
    tool_calls: list[dict[str, Any]] | None = None


class _Config(msgspec.Struct):
    provider: str = "Ollama"
    model_name: str = ""
    temperature: float | None = None
    num_ctx: int | None = None


class _Chat(msgspec.Struct):
    messages: list[_Message]
    last_updated: Any = None
    name: str | None = None
    session_name: str | None = None
    llm_config: _Config | str | None = None
    """A text in some versions, which holds the same as JSON."""
    llm_model_name: str | None = None


def fits(entry: object) -> bool:
    """Whether an entry is of this kind."""
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("messages"), list)
        and "last_updated" in entry
        and ("llm_config" in entry or "llm_model_name" in entry)
    )


def session(entry: object) -> Session:
    """The conversation. Raises ValueError."""
    found = msgspec.convert(entry, _Chat)
    config = found.llm_config or _Config(model_name=found.llm_model_name or "")
    if isinstance(config, str):
        config = msgspec.json.decode(config, type=_Config)
    options = {"temperature": config.temperature, "num_ctx": config.num_ctx}
    about = About(
        title=found.name or found.session_name or "",
        model=config.model_name if config.provider.lower() == "ollama" else "",
        options={key: value for key, value in options.items() if value is not None},
        updated_at=moment(found.last_updated),
    )
    return grown(about, one_after_another(_said(each, config) for each in found.messages))


def _said(message: _Message, config: _Config) -> Said:
    pictures = "\n\n".join("[image]" for _each in message.images or ())
    text = "\n\n".join(filter(None, (text_of(message.content), pictures)))
    return Said(
        key=None,
        role=message.role,
        content=text,
        thinking=message.thinking or "",
        model=config.model_name if message.role == "assistant" else "",
        tool_calls=message.tool_calls or [],
    )
