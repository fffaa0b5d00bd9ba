"""The form of a session on disk: schema 1, described in CONTRIBUTING.md.

Fields this version does not know survive a load and a save: they travel in `extra`.
"""

from io import BytesIO
from typing import Any

import msgspec

from tui.domain.session import SCHEMA, Message, Session
from tui.store.files import as_json

_SESSION_FIELDS = {*Session.__struct_fields__} - {"extra"}
_MESSAGE_FIELDS = {*Message.__struct_fields__} - {"extra"}


class Unreadable(Exception):
    """A session file that holds no session; the text says why."""


class TooNew(Unreadable):
    """A session that a newer version wrote in a form this one cannot read."""


def decode(data: bytes) -> Session:
    """Read a session. Raises Unreadable."""
    try:
        raw = _outline(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("schema"), int):
        raise Unreadable("no session: the field `schema` is missing")
    try:
        return _session(raw)
    except (msgspec.MsgspecError, AttributeError, TypeError) as error:
        raise (TooNew if raw["schema"] > SCHEMA else Unreadable)(str(error)) from error


def encode(session: Session) -> bytes:
    """Write a session, readable and diffable; its messages come last."""
    raw: dict[str, Any] = msgspec.structs.asdict(session)
    raw |= raw.pop("extra")
    messages: list[Message] = raw.pop("messages")
    file = BytesIO()  # message by message: of a long session there is not room for copies
    file.write(_pretty(raw).removesuffix(b"\n}") + b',\n "messages": [')
    for number, each in enumerate(messages):
        text = _pretty(_raw(each) if each.extra else each)
        file.write((b",\n  " if number else b"\n  ") + text.replace(b"\n", b"\n  "))
    file.write(b"\n ]\n}\n")
    return file.getvalue()


def encode_message(message: Message) -> dict[str, Any]:
    """One message as it stands in a session file and in a journal."""
    return _raw(message)


def decode_message(raw: dict[str, Any]) -> Message:
    """Read one message. Raises Unreadable."""
    try:
        return _message(raw)
    except (msgspec.MsgspecError, AttributeError, TypeError) as error:
        raise Unreadable(str(error)) from error


def newer(session: Session) -> bool:
    """Whether a newer version of the program wrote it; such a session is only read."""
    return session.schema > SCHEMA


def _outline(data: bytes) -> Any:  # noqa: ANN401 - whatever the file holds
    """What a file holds, its messages still as bytes: of a long session nothing is twice there."""
    try:
        parts = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        return None  # no object
    return {key: _whole(part) if key != "messages" else part for key, part in parts.items()}


def _whole(part: msgspec.Raw) -> Any:  # noqa: ANN401 - as above
    return msgspec.json.decode(part)


def _session(raw: dict[str, Any]) -> Session:
    known, extra = _split(raw, _SESSION_FIELDS)
    messages = msgspec.json.decode(known.pop("messages", b"[]"), type=list[msgspec.Raw])
    session = msgspec.convert(known, Session)
    session.messages, session.extra = [_message(_whole(each)) for each in messages], extra
    return session


def _message(raw: dict[str, Any]) -> Message:
    known, extra = _split(raw, _MESSAGE_FIELDS)
    message = msgspec.convert(known, Message)
    return msgspec.structs.replace(message, extra=extra) if extra else message


def _split(raw: dict[str, Any], fields: set[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What this version knows, and what it only keeps, in the order of the file."""
    known = {key: value for key, value in raw.items() if key in fields}
    return known, {key: value for key, value in raw.items() if key not in fields}


def _pretty(value: object) -> bytes:
    return msgspec.json.format(as_json(value), indent=1)


def _raw(message: Message) -> dict[str, Any]:
    raw: dict[str, Any] = msgspec.to_builtins(message)
    extra: dict[str, Any] = raw.pop("extra", {})
    return raw | extra
