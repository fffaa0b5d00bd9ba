"""What a line that begins with a slash does: the keys' actions, for terminals that eat keys."""

from typing import NamedTuple

from tui.domain.language import _
from tui.domain.pasted import unmarked


class Command(NamedTuple):
    """A command of the prompt."""

    names: tuple[str, ...]
    about: str
    action: str
    """The action that it stands for: of the app, the screen or the conversation."""
    takes: str = ""
    """What may follow, in words; it goes to the action as one text. Empty: nothing may."""
    asks: bool = False
    """Whether that is a question, in which what was pasted stays marked."""


COMMANDS = (
    Command(("new",), _("a new chat; this one stays"), "screen.begin", "MODEL"),
    Command(("clear",), _("the same, with its settings"), "screen.clear"),
    Command(("model",), _("the model of this chat"), "screen.model", "NAME"),
    Command(("host",), _("the host of this chat"), "screen.host", "NAME"),
    Command(("load",), _("begin with a model; open a chat"), "screen.load", "NAME"),
    Command(("save",), _("make a model of this chat"), "screen.save", "NAME"),
    Command(("set",), _("an option, the system prompt"), "screen.set", "parameter ..."),
    Command(("settings",), _("all settings of this chat"), "screen.settings"),
    Command(("prompts",), _("system prompts you keep"), "screen.prompts", "save TITLE"),
    Command(("prompt",), _("what the model is given"), "screen.prompt", "TEXT"),
    Command(("show",), _("what the model is"), "screen.show", "info ..."),
    Command(("rename",), _("another title"), "screen.rename", "TITLE"),
    Command(("title",), _("a title by the model"), "screen.title"),
    Command(("pin",), _("list this chat first"), "screen.pin"),
    Command(("delete",), _("to the trash"), "screen.delete"),
    Command(("undelete",), _("out of the trash"), "screen.undelete"),
    Command(("sessions",), _("all conversations"), "app.sessions"),
    Command(("find",), _("titles and texts of all chats"), "screen.find", "TEXT"),
    Command(("export",), _("into a file"), "screen.export", "[all] [md|json|jsonl|txt] [PATH]"),
    Command(("import",), _("chats from a file"), "screen.import", "PATH"),
    Command(("list", "models"), _("the models of this host"), "screen.list", "LETTERS"),
    Command(("discover",), _("find models to pull"), "screen.models('discover')", "WORDS"),
    Command(("pull",), _("pull models, or one again"), "screen.models('pull')", "NAME ..."),
    Command(("push",), _("a model to its registry"), "screen.models('push')", "NAME"),
    Command(("create",), _("write a Modelfile"), "screen.models('create')", "FROM"),
    Command(("modelfile",), _("what a model is made of"), "screen.models('modelfile')", "NAME"),
    Command(("edit",), _("change a model's Modelfile"), "screen.models('edit')", "NAME"),
    Command(("write",), _("a Modelfile into a file"), "screen.models('export')", "NAME"),
    Command(("quantize",), _("make a model smaller"), "screen.models('quantize')", "NAME"),
    Command(("cp",), _("give a model a second name"), "screen.models('copy')", "NAME"),
    Command(("mv",), _("give a model another name"), "screen.models('rename')", "NAME"),
    Command(("rm",), _("delete models"), "screen.models('delete')", "NAME ..."),
    Command(("keep",), _("how long a model stays loaded"), "screen.models('keep')", "NAME"),
    Command(("stop",), _("unload models"), "screen.models('unload')", "NAME ..."),
    Command(
        ("update",), _("pull what has newer versions"), "screen.models('update')", "[NAME ...]"
    ),
    Command(("disk",), _("where the disk went"), "screen.models('disk')"),
    Command(("downloads",), _("the download queue"), "app.page('downloads')"),
    Command(("pause",), _("stop downloads for now"), "screen.queue('pause')", "[NAME ...]"),
    Command(("resume",), _("let paused ones go on"), "screen.queue('resume')", "[NAME ...]"),
    Command(("retry",), _("try failed ones again"), "screen.queue('retry')", "[NAME ...]"),
    Command(("cancel",), _("out of the queue"), "screen.queue('remove')", "NAME ..."),
    Command(("hosts",), _("the servers"), "app.page('hosts')"),
    Command(("fleet",), _("all models on all hosts"), "screen.fleet"),
    Command(("close",), _("close the tab"), "screen.close_tab"),
    Command(("regenerate",), _("answer once more"), "regenerate"),
    Command(("continue",), _("go on where it ended"), "proceed"),
    Command(("copy",), _("the answer, or all of it"), "screen.copy_words", "[all]"),
    Command(("details",), _("what the answer took"), "screen.details"),
    Command(("ask-all",), _("ask several models"), "screen.ask_all", "[QUESTION]", True),
    Command(("compare",), _("answers side by side"), "screen.compare"),
    Command(("fork",), _("a new chat up to here"), "screen.fork"),
    Command(("waiting",), _("messages not sent yet"), "screen.waiting"),
    Command(("mouse",), _("release it, or take it"), "app.mouse"),
    Command(("help", "?"), _("every key and command"), "screen.explain", "COMMAND"),
    Command(("quit", "bye", "exit"), _("leave"), "app.leave"),
)


def command_of(text: str) -> Command | None:
    """The command a line names; None when it is a message, raising ValueError for an unknown one.

    A path such as /etc/hosts is a message, and so is what begins with a space, or goes on behind
    a command that takes nothing.
    """
    if not text.startswith("/"):
        return None
    word, *rest = text.split(None, 1)
    if "/" in word[1:]:
        return None
    name = word[1:].lower()
    command = next((each for each in COMMANDS if name in each.names), None)
    if command is not None and command.takes:
        given = rest[0].rstrip() if rest else ""
        given = given if command.asks else unmarked(given).rstrip()
        return command._replace(action=_given(command.action, given))
    if command is None:
        raise ValueError(_unknown(name))
    return None if rest else command


def _given(action: str, text: str) -> str:
    """The action with one more thing to be told."""
    if action.endswith(")"):
        return f"{action[:-1]}, {text!r})"
    return f"{action}({text!r})"


def _unknown(name: str) -> str:
    import difflib

    known = [each for command in COMMANDS for each in command.names]
    close = difflib.get_close_matches(name, known, 1)
    text = _("There is no command /{name}.").format(name=name)
    if close:
        text += " " + _("Did you mean /{close}?").format(close=close[0])
    return text + " " + _("/? shows all there are.")
