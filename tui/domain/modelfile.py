"""Modelfiles: their grammar, and what each line asks for."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tui.domain.language import _
from tui.domain.options import OptionError, option

COMMANDS = (
    "FROM",
    "PARAMETER",
    "TEMPLATE",
    "SYSTEM",
    "ADAPTER",
    "LICENSE",
    "MESSAGE",
    "DRAFT",
    "RENDERER",
    "PARSER",
    "REQUIRES",
)
ROLES = ("system", "user", "assistant")
DEPRECATED = (
    "penalize_newline",
    "low_vram",
    "f16_kv",
    "logits_all",
    "vocab_only",
    "use_mlock",
    "mirostat",
    "mirostat_tau",
    "mirostat_eta",
)
"""Parameters that servers no longer know: skipped, so that old files still work."""

_NAME = re.compile(r"[^\S\n]*([^\s]+)[^\S\n]*(.*)", re.DOTALL)
_VERSION = re.compile(r"v?\d+(\.\d+){0,2}([-+][0-9A-Za-z.+-]+)?")
_TEXTS = ("TEMPLATE", "SYSTEM", "LICENSE")
"""Commands whose value may be empty, if it is quoted."""


class Fault(NamedTuple):
    """What is wrong with a line."""

    line: int
    """From 1."""
    reason: str


class ModelfileError(ValueError):
    """A text that is no Modelfile; its text is for the user."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(_("line {line}: {reason}").format(line=fault.line, reason=fault.reason))
        self.line, self.reason = fault


class _Refused(Exception):
    """Why a command cannot be taken."""


@dataclass(slots=True)
class Modelfile:
    """What a Modelfile asks for. Paths and model names are as written."""

    sources: list[str] = field(default_factory=list)
    """The values of FROM: a model's name, or paths of its files."""
    parameters: dict[str, Any] = field(default_factory=dict)
    template: str | None = None
    """None where the file says nothing: what it is made from has its own."""
    system: str | None = None
    adapter: str = ""
    draft: str = ""
    licenses: list[str] = field(default_factory=list)
    messages: list[dict[str, str]] = field(default_factory=list)
    renderer: str = ""
    parser: str = ""
    requires: str = ""
    skipped: list[Fault] = field(default_factory=list)
    """Lines that servers no longer know."""


def parse(text: str) -> Modelfile:
    """The Modelfile that a text is. Raises ModelfileError for the first fault."""
    modelfile, faults = check(text)
    if faults:
        raise ModelfileError(faults[0])
    return modelfile


def check(text: str) -> tuple[Modelfile, list[Fault]]:
    """As much of a Modelfile as can be read, and everything that is wrong with it."""
    modelfile, faults = Modelfile(), list[Fault]()
    for line, name, raw in _commands(text):
        try:
            _take(modelfile, line, name.upper(), raw)
        except _Refused as error:
            faults.append(Fault(line, str(error)))
    if not modelfile.sources and not any(fault.reason == _unclosed() for fault in faults):
        faults.append(Fault(1, _("There is no FROM line; it names the model to begin with.")))
    return modelfile, faults


def _commands(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, name and raw value of every command."""
    lines = enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1)
    for number, line in lines:
        if (match := _NAME.fullmatch(line)) is None or match[1].startswith("#"):
            continue
        name, value = match[1], match[2]
        while _open(name, value) and (more := next(lines, None)):
            value += "\n" + more[1]
        yield number, name, value


def _open(name: str, value: str) -> bool:
    """Whether a quote is open: it ends only at the end of a line."""
    words = 1 if name.upper() in ("PARAMETER", "MESSAGE") else 0
    return _unquoted(_rest(value, words)) is None


def _rest(value: str, words: int) -> str:
    return value.split(None, words)[words] if words and len(value.split()) > words else value


def _unquoted(value: str) -> str | None:
    """A value without its quotes; None where they are not closed."""
    value = value.strip()
    for quote in ('"""', '"'):
        if value.startswith(quote):
            closed = len(value) >= 2 * len(quote) and value.endswith(quote)
            return value[len(quote) : -len(quote)] if closed else None
    return value


def _take(modelfile: Modelfile, line: int, name: str, raw: str) -> None:
    """Take one command in. Raises _Refused."""
    if name not in COMMANDS:
        text = _("{name} is no command. There are {known}.")
        raise _Refused(text.format(name=name, known=", ".join(COMMANDS)))
    if name in ("PARAMETER", "MESSAGE"):
        key, value = _keyed(name, raw)
        if name == "MESSAGE":
            _message(modelfile, key, value)
        else:
            _parameter(modelfile, line, key.lower(), value)
        return
    value = _value(raw)
    if not (value or (name in _TEXTS and raw.strip())):
        raise _Refused(_("{name} needs a value.").format(name=name))
    _TAKERS[name](modelfile, value)


def _value(raw: str) -> str:
    value = _unquoted(raw)
    if value is None:
        raise _Refused(_unclosed())
    return "".join(each for each in value if each.isprintable() or each in "\n\t")


def _unclosed() -> str:
    return _("A quote is opened here and never closed at the end of a line.")


def _keyed(name: str, raw: str) -> tuple[str, str]:
    """The first word of a value, and the rest."""
    parts = raw.split(None, 1)
    if len(parts) <= 1:
        form = "MESSAGE user TEXT" if name == "MESSAGE" else "PARAMETER temperature 0.7"
        raise _Refused(_("{name} needs two words, as in {form}.").format(name=name, form=form))
    return parts[0], _value(parts[1])


def _message(modelfile: Modelfile, role: str, content: str) -> None:
    if role not in ROLES:
        text = _("A message is of {roles}, not of {role}.")
        raise _Refused(text.format(roles=" / ".join(ROLES), role=role))
    modelfile.messages.append({"role": role, "content": content})


def _parameter(modelfile: Modelfile, line: int, name: str, value: str) -> None:
    if name in DEPRECATED:
        text = _("Servers no longer know {name}: it is left out.").format(name=name)
        modelfile.skipped.append(Fault(line, text))
        return
    try:
        read = option(name).read([value])
    except OptionError as error:
        raise _Refused(str(error)) from error
    known = modelfile.parameters.get(name)
    modelfile.parameters[name] = [*known, *read] if isinstance(known, list) else read


def _requires(modelfile: Modelfile, value: str) -> None:
    if not _VERSION.fullmatch(value):
        text = _("REQUIRES takes a version such as 0.14.0, not {value}.")
        raise _Refused(text.format(value=value))
    modelfile.requires = value.removeprefix("v")


def _setter(field: str) -> Callable[[Modelfile, str], None]:
    return lambda modelfile, value: setattr(modelfile, field, value)


def _adder(field: str) -> Callable[[Modelfile, str], None]:
    def add(modelfile: Modelfile, value: str) -> None:
        values: list[str] = getattr(modelfile, field)
        values.append(value)

    return add


_TAKERS: dict[str, Callable[[Modelfile, str], None]] = {
    "FROM": _adder("sources"),
    "LICENSE": _adder("licenses"),
    "REQUIRES": _requires,
    **{name: _setter(name.lower()) for name in ("TEMPLATE", "SYSTEM", "ADAPTER", "DRAFT")},
    **{name: _setter(name.lower()) for name in ("RENDERER", "PARSER")},
}


def fields(modelfile: Modelfile) -> dict[str, Any]:
    """What `POST /api/create` takes of it, but for what FROM, ADAPTER and DRAFT name."""
    told: Sequence[tuple[str, Any]] = (
        ("parameters", modelfile.parameters),
        ("license", modelfile.licenses),
        ("messages", modelfile.messages),
        ("renderer", modelfile.renderer),
        ("parser", modelfile.parser),
        ("requires", modelfile.requires),
    )
    texts = {"template": modelfile.template, "system": modelfile.system}
    return {
        **{name: text for name, text in texts.items() if text is not None},
        **{name: value for name, value in told if value},
    }
