"""What each setting of a conversation is called, what it is now, and what it may be."""

import json

from tui.domain.language import _
from tui.domain.options import Option, OptionError, option
from tui.domain.session import Session

_FIELDS = {
    "system": (_("system prompt"), _("none"), _("what the model is told before all messages")),
    "think": (
        _("thinking"),
        _("as the model likes"),
        _("whether it thinks first, and how much; only models that can"),
    ),
    "format": (
        _("format"),
        _("free text"),
        _("JSON, or JSON by a schema: each answer is held against it"),
    ),
    "keepalive": (
        _("keep alive"),
        _("as the server likes"),
        _("how long the model stays loaded: 10m, 24h, 0; -1 is for ever"),
    ),
}


def name_of(setting: str) -> str:
    """What it is called: options as in Ollama."""
    return _FIELDS[setting][0] if setting in _FIELDS else setting


def default_of(setting: str) -> str:
    """What holds while it is not set."""
    if setting in _FIELDS:
        return _FIELDS[setting][1]
    return default(option(setting)) or _("as the server likes")


def default(known: Option) -> str:
    """The value that an option has by itself; empty where that is the server's to say."""
    if known.default is None:
        return ""
    return _("default {value}").format(value=str(known.default).lower())


def kind_words(option: Option) -> str:
    """What a value may be: a number from 0 to 1, true or false."""
    kinds = {
        "int": _("whole number"),
        "float": _("number"),
        "bool": _("true or false"),
        "list": _("texts"),
    }
    return " ".join(filter(None, (kinds[option.kind], _range_words(option))))


def _range_words(option: Option) -> str:
    if option.low is None:
        return ""
    if option.high is None:
        return _("from {low}").format(low=f"{option.low:g}")
    return _("{low} to {high}").format(low=f"{option.low:g}", high=f"{option.high:g}")


def about(setting: str) -> str:
    """What it does, what it may be, and whether the model is loaded anew for it."""
    if setting in _FIELDS:
        return _FIELDS[setting][2]
    try:
        known = option(setting)
    except OptionError:
        return ""
    loads = _("Another value loads the model anew.") if known.loads else ""
    return " ".join(filter(None, (f"{known.about} ({kind_words(known)}).", loads)))


def value_of(setting: str, session: Session) -> str:
    """What it is in a conversation, as it would be typed; empty while it is not set."""
    match setting:
        case "system":
            return session.system
        case "think":
            words = {None: "", True: _("on"), False: _("off")}
            return words[session.think] if not isinstance(session.think, str) else session.think
        case "format":
            form = session.format
            return json.dumps(form, ensure_ascii=False) if isinstance(form, dict) else form or ""
        case "keepalive":
            return "" if session.keep_alive is None else str(session.keep_alive)
    value = session.options.get(setting)
    if isinstance(value, list):
        return " ".join(f'"{each}"' if " " in each else each for each in map(str, value))
    return "" if value is None else str(value)


def line_of(setting: str, value: str = "default") -> str:
    """What `/set` would be given for a value."""
    match setting:
        case "system":
            return "system default" if value == "default" else f'system """{value}"""'
        case "think":
            return {"off": "nothink", "on": "think"}.get(value, f"think {value}")
        case "format":
            return "noformat" if value == "default" else f"format {value}"
        case "keepalive":
            return f"keepalive {value}"
    return f"parameter {setting} {value}"
