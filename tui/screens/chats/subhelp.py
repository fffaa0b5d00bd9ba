"""What `/? COMMAND` says: each command of the prompt, and what can follow it."""

from tui.domain.language import _
from tui.domain.options import OPTIONS
from tui.domain.shows import SHOWN
from tui.screens.chats.setting_words import default, kind_words
from tui.screens.chats.slash import COMMANDS, Command


def subhelp(what: str) -> str:
    """The help for a command, such as `set`; empty where there is no such command."""
    word = what.strip().removeprefix("/").lower()
    readers = {"set": _set, "show": _show, "parameter": _parameters, "parameters": _parameters}
    if reader := readers.get(word):
        return reader()
    return next((_of(command) for command in COMMANDS if word in command.names), "")


def _rows(rows: list[tuple[str, str]]) -> str:
    column = max(len(left) for left, _right in rows) + 2
    return "\n".join(f"{left:<{column}}{right}" for left, right in rows)


def _of(command: Command) -> str:
    names = ", ".join(f"/{name}" for name in command.names)
    return _rows([(f"{names} {command.takes}".rstrip(), command.about)])


def _set() -> str:
    rows = [
        ("/set parameter NAME VALUE", _("an option; default takes it back")),
        ("/set system TEXT", _('the system prompt, also several lines in """')),
        ("/set format json", _("JSON; a JSON schema or its path works, too")),
        ("/set noformat", _("answers are free text")),
        ("/set think [LEVEL]", _("think first: low, medium, high, max")),
        ("/set nothink", _("answer at once")),
        ("/set keepalive SPAN", _("how long the model stays loaded: 10m, -1")),
        ("/set history, /set nohistory", _("keep what is sent in the history, or do not")),
        ("/set verbose, /set quiet", _("counts and times below every answer, or not")),
        ("/set thoughts, /set nothoughts", _("what models think is shown, or folded")),
        ("/set wordwrap, /set nowordwrap", _("long code wraps, or runs on: h l move to the side")),
    ]
    return _rows(rows) + "\n\n" + _("/settings shows all of them; /? parameter lists the options.")


def _show() -> str:
    about = {
        "info": _("what the model is and can"),
        "license": _("its licence"),
        "modelfile": _("the Modelfile that would make it"),
        "parameters": _("its options, and those of this chat"),
        "system": _("the system prompt"),
        "template": _("how messages become its prompt"),
    }
    return _rows([(f"/show {what}", about[what]) for what in SHOWN])


def _parameters() -> str:
    rows = []
    for option in OPTIONS:
        loads = _("loads the model anew") if option.loads else ""
        rows.append((option.name, option.about))
        rows.append(("", "; ".join(filter(None, (kind_words(option), loads, default(option))))))
    notes = _("/set parameter NAME VALUE sets one; the value default takes it back.")
    loading = _("Chats with one model do best with one value of what loads it anew.")
    return f"{notes}\n{loading}\n\n{_rows(rows)}"
