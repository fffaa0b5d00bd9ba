"""The form of a session on disk: schema 1, described in CONTRIBUTING.md.

Fields this version does not know survive a load and a save: they travel in `extra`.
"""

from typing import Any

import msgspec

from tui.domain.session import SCHEMA, Message, Session

_SESSION_FIELDS = {*Session.__struct_fields__} - {"extra"}
_MESSAGE_FIELDS = {*Message.__struct_fields__} - {"extra"}


class Unreadable(Exception):
    """A session file that holds no session; the text says why."""


def decode(data: bytes) -> Session:
    """Read a session. Raises Unreadable."""
    try:
        raw = msgspec.json.decode(data)
        if not isinstance(raw, dict) or not isinstance(raw.get("schema"), int):
            raise Unreadable("no session: the field `schema` is missing")
        messages = [_message(each) for each in raw.get("messages", [])]
        known = {key: raw[key] for key in raw.keys() & _SESSION_FIELDS}
        session = msgspec.convert({**known, "messages": []}, Session)
    except (msgspec.MsgspecError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise Unreadable(str(error)) from error
    session.messages = messages
    session.extra = {key: raw[key] for key in raw.keys() - _SESSION_FIELDS}
    return session


def encode(session: Session) -> bytes:
    """Write a session, readable and diffable."""
    raw: dict[str, Any] = msgspec.to_builtins(session)
    raw |= raw.pop("extra")
    raw["messages"] = [_raw(message) for message in session.messages]
    return msgspec.json.format(msgspec.json.encode(raw), indent=1) + b"\n"


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


def _message(raw: dict[str, Any]) -> Message:
    known = {key: raw[key] for key in raw.keys() & _MESSAGE_FIELDS}
    extra = {key: raw[key] for key in raw.keys() - _MESSAGE_FIELDS}
    return msgspec.structs.replace(msgspec.convert(known, Message), extra=extra)


def _raw(message: Message) -> dict[str, Any]:
    raw: dict[str, Any] = msgspec.to_builtins(message)
    extra: dict[str, Any] = raw.pop("extra", {})
    return raw | extra
