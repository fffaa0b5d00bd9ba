"""`/set`: what `ollama run` understands, applied to the conversation on top."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tui.domain import durations
from tui.domain.formats import FormatError, Schema, schema_of
from tui.domain.language import _
from tui.domain.options import OPTIONS, Option, OptionError, option
from tui.domain.places import home_path
from tui.domain.session import Session

_LARGEST = 1_000_000
"""Bytes of a schema."""
_LEVELS = ("low", "medium", "high", "max")


class NotSet(Exception):
    """A `/set` that sets nothing; the text says what it understands."""


class Setting(NamedTuple):
    """A change to a conversation, and what to say of it."""

    change: Callable[[Session], None]
    said: str
    loads: str = ""
    """The option by which the model is loaded anew, if this is one."""
    option: str = ""
    """What is sent with each question, where not every server takes it."""


def setting_of(line: str) -> Setting:
    """What the words behind `/set` mean. Raises NotSet."""
    word, _space, rest = line.strip().partition(" ")
    readers: dict[str, Callable[[str], Setting]] = {
        "parameter": _parameter,
        "system": _system,
        "format": _format,
        "noformat": lambda _rest: _put("format", None, _("Answers have no set format.")),
        "keepalive": _keep_alive,
        "think": _think,
        "nothink": lambda _rest: _put("think", False, _("The model does not think first.")),
    }
    if word not in readers:
        raise NotSet(
            _(
                "/set parameter NAME VALUE, /set system TEXT, /set format json, /set noformat, "
                "/set think [low, medium, high, max], /set nothink, /set keepalive SPAN"
            )
        )
    return readers[word](rest.strip())


def _put(field: str, value: Any, said: str) -> Setting:  # noqa: ANN401 - any field's value
    return Setting(lambda session: setattr(session, field, value), said)


def _parameter(rest: str) -> Setting:
    name, *words = _words(rest) or [""]
    if not words:
        raise NotSet(
            _("/set parameter NAME VALUE, where NAME is one of {names}").format(
                names=", ".join(each.name for each in OPTIONS)
            )
        )
    try:
        known = option(name)
        value = None if words == ["default"] else known.read(words)
    except OptionError as error:
        raise NotSet(str(error)) from error
    loads = name if known.loads else ""
    return Setting(with_option(name, value), _said(known, value), loads, name)


def _words(text: str) -> list[str]:
    """Words with spaces between; quotes hold together what belongs together."""
    import shlex

    reader = shlex.shlex(text, posix=True, punctuation_chars=False)
    reader.whitespace_split, reader.escape, reader.commenters = True, "", ""
    try:
        return [*reader]
    except ValueError:  # a quote that is none, as in "don't"
        return text.split()


def with_option(name: str, value: object) -> Callable[[Session], None]:
    """Gives an option this value; None leaves it to the model."""

    def change(session: Session) -> None:
        rest = {key: each for key, each in session.options.items() if key != name}
        session.options = rest if value is None else {**session.options, name: value}

    return change


def _said(known: Option, value: object) -> str:
    text = (
        _("{name} is as the model has it.")
        if value is None
        else _("{name} is {value} for this conversation.")
    )
    said = text.format(name=known.name, value=_shown(value))
    return said + " " + _("The model is loaded anew for it.") if known.loads else said


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _system(rest: str) -> Setting:
    if not rest:
        raise NotSet(_("/set system TEXT; /set system default takes it back."))
    text = rest.removeprefix('"""').removesuffix('"""').strip()
    if text in ("", '""', "default"):
        return _put("system", "", _("This conversation has no system prompt."))
    return _put("system", text, _("The system prompt is set; the next question tells it."))


def _format(rest: str) -> Setting:
    if rest == "json":
        return _put("format", "json", _("Answers are JSON; say so in the question, too."))
    try:
        schema = schema_at(rest)
    except FormatError as error:
        text = _("/set format json, or a JSON schema or its path; /set noformat takes it back.")
        raise NotSet(f"{error} {text}" if rest else text) from error
    return _put("format", schema, _("Answers are JSON by this schema; each is held against it."))


def schema_at(text: str) -> Schema:
    """A JSON schema as it was typed, or in the file of this path. Raises FormatError."""
    if not text.lstrip().startswith("{"):
        try:
            text = _small_file(home_path(text))
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", "") or str(error)
            said = _("{path} cannot be read: {why}.")
            raise FormatError(said.format(path=text, why=why)) from error
    return schema_of(text)


def _small_file(path: Path) -> str:
    """The text of a file; a device or a pipe may never end. Raises OSError and ValueError."""
    if path.stat().st_size > _LARGEST or not path.is_file():
        raise ValueError(_("it is no file of less than 1 MB"))
    return path.read_text(encoding="utf-8")


def _keep_alive(rest: str) -> Setting:
    if rest in ("", "default"):
        said = _("How long the model stays loaded is left to the server.")
        return _put("keep_alive", None, said)
    try:
        span, value = durations.seconds(rest), durations.keep_alive(rest)
    except ValueError as error:
        text = _("/set keepalive SPAN, such as 10m, 1h30m or 0; -1 is for ever.")
        raise NotSet(text) from error
    if span == durations.FOREVER:
        said = _("The model stays loaded for ever after an answer.")
    else:
        said = _("The model stays loaded for {span} after an answer.")
    shown = f"{value} s" if isinstance(value, int) else rest
    return _put("keep_alive", value, said.format(span=shown))


def _think(rest: str) -> Setting:
    if rest == "default":
        return _put("think", None, _("Whether it thinks first is left to the model."))
    if rest and rest not in _LEVELS:
        raise NotSet(_("/set think, or one of {levels}").format(levels=_list(_LEVELS)))
    said = _("The model thinks first: {level}.") if rest else _("The model thinks first.")
    return _put("think", rest or True, said.format(level=rest))


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)
