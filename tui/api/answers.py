"""A server's JSON as values of ours. Ollama reports errors inside 200 answers, too."""

from http import HTTPStatus
from typing import Any, TypeVar

import msgspec

from tui.api import refusals
from tui.api.errors import BadAnswer, OllamaError
from tui.domain.language import _

T = TypeVar("T")

_LONGEST = 2000
_FULL = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_GATEWAY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError)
_NOTHING = (None, "", "0001-01-01T00:00:00Z")


class Trouble(msgspec.Struct, frozen=True):
    """What may stand in any answer instead of what was asked for."""

    error: Any = None
    signin_url: str | None = None

    @classmethod
    def of(cls, body: bytes) -> "Trouble":
        """The trouble told in a body; none if it is no JSON."""
        try:
            return msgspec.json.decode(body, type=cls)
        except UNDECODABLE:
            return cls()

    @property
    def words(self) -> str:
        """The error as a text; empty if there is none."""
        return "" if self.error is None else words_of(self.error)


def read(type: type[T], raw: bytes, where: str, model: str = "") -> T:
    """A whole answer as a value of `type`; one that is something else is not Ollama's."""
    if words := Trouble.of(raw).words:
        raise refusals.spoken(HTTPStatus.OK, words, where, model)
    try:
        return msgspec.convert(told(msgspec.json.decode(raw)), type)
    except UNDECODABLE as error:
        raise refusals.not_ollama(where, raw.decode(errors="replace")) from error


def read_line(type: type[T], raw: bytes, where: str, model: str) -> T:
    """A line of a stream as a value of `type`."""
    if words := Trouble.of(raw).words:
        raise refusals.spoken(HTTPStatus.OK, words, where, model)
    try:
        return msgspec.json.decode(raw, type=type)
    except UNDECODABLE as error:
        if raw.lstrip().startswith(b"{") and not raw.rstrip().endswith(b"}"):
            raise refusals.cut_off(where) from error
        raise BadAnswer(
            _(
                "{where} sent a line that cannot be read: {line}\nA proxy may have changed it, or "
                "this is not Ollama."
            ).format(where=where, line=raw[:80].decode(errors="replace"))
        ) from error


def refusal(status: int, named: str, body: bytes, where: str, model: str) -> OllamaError:
    """The error that an answer with an error's status stands for; `named` is that in words."""
    trouble = Trouble.of(body)
    words = trouble.words
    if status == HTTPStatus.UNAUTHORIZED:
        return refusals.unauthorized(where, words, trouble.signin_url or "")
    if status == HTTPStatus.FORBIDDEN:
        return refusals.forbidden(where, words)
    if status == HTTPStatus.NOT_FOUND and not isinstance(trouble.error, str):
        return refusals.not_ollama(where, body.decode(errors="replace"))
    if status in _FULL and (words or status == HTTPStatus.TOO_MANY_REQUESTS):
        return refusals.busy(where, words or named)
    if words:
        return refusals.spoken(status, words, where, model)
    return _silent(status, named, body, where)


def _silent(status: int, named: str, body: bytes, where: str) -> OllamaError:
    if status in _GATEWAY:
        return refusals.bad_gateway(where, named)
    return refusals.not_ollama(where, body.decode(errors="replace") or named)


def words_of(error: object) -> str:
    """What an `error` says: a text, JSON inside a text, or an object with a `message`."""
    match error:
        case {"error": inner} | {"message": inner}:
            return words_of(inner)
        case str():
            inner = _parsed(error) if error.lstrip().startswith("{") else None
            known = isinstance(inner, dict) and inner.keys() & {"error", "message"}
            return words_of(inner) if known else error[:_LONGEST]
        case _:
            return msgspec.json.encode(error).decode()[:_LONGEST]


def _parsed(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except UNDECODABLE:
        return None


def told(value: Any) -> Any:  # noqa: ANN401 - any JSON there is
    """`value` without what Go writes for nothing: null, empty texts and the year 1."""
    match value:
        case dict():
            return {key: told(each) for key, each in value.items() if each not in _NOTHING}
        case list():
            return [told(each) for each in value]
        case _:
            return value
