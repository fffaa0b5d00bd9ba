"""A conversation as a text for others: the branch shown, as people or programs read it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from tui.domain.language import _
from tui.domain.session import Message, Session

Form = Literal["md", "json", "jsonl", "txt"]
"""Markdown, our own file, one message a line, plain text."""
FORMS: tuple[Form, ...] = get_args(Form)

_FORMS: dict[str, Form] = {form: form for form in FORMS}
_NAME_LENGTH = 48
_FENCE = re.compile(r"(`{3,})")


class Request(NamedTuple):
    """What the user wants to be written."""

    form: Form
    path: str
    """A file, or a folder to put one into."""
    all: bool = False
    """Every conversation, into a folder."""


def request_of(words: str) -> Request:
    """What stands behind `/export`: [all] [FORM] [PATH]. Raises ValueError."""
    first, _space, rest = words.strip().partition(" ")
    everything = first == "all"
    if everything:
        first, _space, rest = rest.strip().partition(" ")
    known = _FORMS.get(first.lower())
    path = (rest if known else f"{first} {rest}").strip()
    if everything and not path:
        text = _("/export all {forms} FOLDER writes every conversation into a folder.")
        raise ValueError(text.format(forms="|".join(FORMS)))
    by_name = _FORMS.get(path.rpartition(".")[2].lower(), "md")
    return Request(known or by_name, path or ".", everything)


def file_name(session: Session, form: Form) -> str:
    """A name for a conversation's file, of letters and digits of any language."""
    words = re.sub(r"[\W_]+", "-", session.title)[:_NAME_LENGTH].strip("-")
    return f"ollama-tui-{words or session.id}.{form}"


def markdown(session: Session) -> str:
    """A conversation as a Markdown document, what was thought folded in quotes."""
    about = " · ".join(filter(None, (session.model, f"{session.created_at:%Y-%m-%d %H:%M} UTC")))
    parts = [f"# {session.title or _('new chat')}", about]
    if session.system:
        parts += ["## " + _("System"), session.system]
    for message in session.branch():
        parts += [f"## {speaker(message)}", *_markdown(message)]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def plain_text(session: Session) -> str:
    """A conversation as plain text, without what was thought."""
    parts = [session.title or _("new chat")]
    parts += [f"{_('System')}:\n{session.system}"] if session.system else []
    parts += [f"{speaker(each)}:\n{_noted(each)}" for each in session.branch()]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def json_lines(session: Session) -> str:
    """A conversation with one message a line, each with `role` and `content`."""
    return "".join(msgspec.json.encode(each).decode() + "\n" for each in _lines(session))


def speaker(message: Message) -> str:
    """Who said it."""
    if message.role == "assistant":
        return message.model or _("Assistant")
    return {"user": _("You"), "system": _("System"), "tool": _("Tool")}[message.role]


def _markdown(message: Message) -> Iterator[str]:
    if message.thinking:
        yield "\n".join(f"> {line}".rstrip() for line in message.thinking.strip().splitlines())
    for call in message.tool_calls:
        yield _fenced(msgspec.json.format(msgspec.json.encode(call), indent=2).decode(), "json")
    if message.role == "tool":
        yield _fenced(message.content)
    elif message.content:
        yield message.content
    if ending := _ending(message):
        yield f"*{ending}*"


def _fenced(text: str, language: str = "") -> str:
    """A block of code; its fence is longer than any inside."""
    fence = "`" * (max((len(each) for each in _FENCE.findall(text)), default=2) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _noted(message: Message) -> str:
    return "\n\n".join(
        filter(None, (message.content, _ending(message) and f"({_ending(message)})"))
    )


def _ending(message: Message) -> str:
    """How an answer ended, if it did not end well."""
    if message.state == "complete":
        return ""
    words = {
        "stopped": _("stopped"),
        "interrupted": _("interrupted"),
        "failed": _("failed"),
    }[message.state]
    return f"{words}: {message.error}" if message.error else words


def _lines(session: Session) -> Iterable[dict[str, Any]]:
    if session.system:
        yield {"role": "system", "content": session.system}
    for message in session.branch():
        line = {
            "role": message.role,
            "content": message.content,
            "thinking": message.thinking,
            "tool_calls": message.tool_calls,
            "model": message.model,
            "created_at": message.created_at,
        }
        yield {key: value for key, value in line.items() if value or key == "content"}
