"""What a line that begins with a slash does: the keys' actions, for terminals that eat keys."""

from typing import NamedTuple

from tui.domain.language import _


class Command(NamedTuple):
    """A command of the prompt."""

    names: tuple[str, ...]
    about: str
    action: str
    """The action that it stands for: of the app, the screen or the conversation."""


COMMANDS = (
    Command(("new", "clear"), _("a new chat; this one stays"), "app.new_chat"),
    Command(("model", "load"), _("the model of this chat"), "app.choose_model"),
    Command(("sessions",), _("all conversations"), "app.sessions"),
    Command(("list", "models"), _("the models of this host"), "app.page('models')"),
    Command(("downloads",), _("the download queue"), "app.page('downloads')"),
    Command(("hosts",), _("the servers"), "app.page('hosts')"),
    Command(("close",), _("close the tab"), "screen.close_tab"),
    Command(("regenerate",), _("answer once more"), "regenerate"),
    Command(("continue",), _("go on where it ended"), "proceed"),
    Command(("copy",), _("copy the last answer"), "copy"),
    Command(("fork",), _("a new chat up to here"), "screen.fork"),
    Command(("waiting",), _("messages not sent yet"), "screen.waiting"),
    Command(("help", "?"), _("every key and command"), "app.keys"),
    Command(("quit", "bye", "exit"), _("leave"), "app.leave"),
)


def command_of(text: str) -> Command | None:
    """The command a line names; None when it is a message, raising ValueError for an unknown one.

    A line of several words, or a path such as /etc/hosts, is a message.
    """
    word = text.strip()
    if not word.startswith("/") or "/" in word[1:] or len(word.split()) != 1:
        return None
    name = word[1:].lower()
    for command in COMMANDS:
        if name in command.names:
            return command
    known = ", ".join(f"/{command.names[0]}" for command in COMMANDS)
    raise ValueError(
        _("There is no command /{name}. There are {known}.").format(name=name, known=known)
    )
