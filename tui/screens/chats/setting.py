"""`/set`: what `ollama run` understands, applied to the conversation on top."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tui.domain.language import _
from tui.domain.options import OPTIONS, OptionError, option
from tui.domain.session import Session

_LEVELS = ("low", "medium", "high", "max")


class NotSet(Exception):
    """A `/set` that sets nothing; the text says what it understands."""


class Setting(NamedTuple):
    """A change to a conversation, and what to say of it."""

    change: Callable[[Session], None]
    said: str


def setting_of(line: str) -> Setting:
    """What the words behind `/set` mean. Raises NotSet."""
    word, _space, rest = line.strip().partition(" ")
    readers: dict[str, Callable[[str], Setting]] = {
        "parameter": _parameter,
        "system": _system,
        "format": _format,
        "noformat": lambda _rest: _put("format", None, _("Answers have no set format.")),
        "think": _think,
        "nothink": lambda _rest: _put("think", False, _("The model does not think first.")),
    }
    if word not in readers:
        raise NotSet(
            _(
                "/set parameter NAME VALUE, /set system TEXT, /set format json, /set noformat, "
                "/set think [low, medium, high, max], /set nothink"
            )
        )
    return readers[word](rest.strip())


def _put(field: str, value: Any, said: str) -> Setting:  # noqa: ANN401 - any field's value
    return Setting(lambda session: setattr(session, field, value), said)


def _parameter(rest: str) -> Setting:
    name, *words = rest.split() or [""]
    if not words:
        raise NotSet(
            _("/set parameter NAME VALUE, where NAME is one of {names}").format(
                names=", ".join(each.name for each in OPTIONS)
            )
        )
    try:
        known = option(name)
        value = known.read(words)
    except OptionError as error:
        raise NotSet(str(error)) from error
    said = _("{name} is {value} for this conversation.").format(name=name, value=_shown(value))
    if known.loads:
        said += " " + _("The model is loaded anew for it.")

    def change(session: Session) -> None:
        session.options = {**session.options, name: value}

    return Setting(change, said)


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _system(rest: str) -> Setting:
    text = rest.removeprefix('"""').removesuffix('"""').strip()
    if not text:
        return _put("system", "", _("This conversation has no system prompt."))
    return _put("system", text, _("The system prompt is set; the next question tells it."))


def _format(rest: str) -> Setting:
    if rest != "json":
        raise NotSet(_("/set format json; /set noformat takes it back"))
    return _put("format", "json", _("Answers are JSON; say so in the question, too."))


def _think(rest: str) -> Setting:
    if rest and rest not in _LEVELS:
        raise NotSet(_("/set think, or one of {levels}").format(levels=_list(_LEVELS)))
    said = _("The model thinks first: {level}.") if rest else _("The model thinks first.")
    return _put("think", rest or True, said.format(level=rest))


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)
