"""The command line: options of the full screen, and commands, each read by its own module."""

import importlib
import sys
from argparse import REMAINDER, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tui import __version__
from tui.domain.language import _
from tui.domain.unicode import writable

_NAME = "ollama-tui"


class Command(NamedTuple):
    """One word behind `ollama-tui`; its module is imported when it is used."""

    name: str
    module: str
    about: str


class Module(Protocol):
    """What each module of a command has."""

    def add_to(self, parser: ArgumentParser) -> None:
        """Declare what the command takes."""


COMMANDS = (
    Command("list", "listing", _("list the models of a server")),
    Command("ls", "listing", _("the same as list")),
    Command("ps", "loaded", _("list the models in memory")),
    Command("show", "show", _("tell everything of a model")),
    Command("pull", "pull", _("download models")),
    Command("push", "push", _("upload a model to a registry")),
    Command("create", "create", _("make a model of a Modelfile")),
    Command("cp", "copy", _("give a model a second name")),
    Command("rm", "remove", _("delete models")),
    Command("stop", "stop", _("take models out of memory")),
    Command("run", "run", _("ask a model, or chat with it")),
    Command("signin", "account", _("sign in at ollama.com")),
    Command("signout", "account", _("sign out from ollama.com")),
    Command("search", "search", _("look for models to download")),
    Command("doctor", "doctor", _("say what keeps a server from answering, and what mends it")),
    Command("export", "export", _("write conversations into files")),
    Command("serve", "serve", _("run the embedded, Ollama-compatible server in the foreground")),
    Command("completion", "completion", _("print what lets the shell complete all this")),
)


def parse(arguments: Sequence[str] | None = None) -> Namespace:
    """What the user wants; ends the program at a wrong word, and after --help."""
    main = main_parser()
    options = main.parse_args(arguments)
    rest: list[str] = options.rest
    if not options.command:
        return options
    if all(command.name != options.command for command in COMMANDS):
        main.error(_unknown(options.command))
    parser = command_parser(options.command)
    bare: dict[str, str] = parser.get_default("bare") or {}
    # Options may stand between a command's words, which argparse calls intermixed.
    return parser.parse_intermixed_args([bare.get(each, each) for each in rest], options)


def opens_screen(options: Namespace) -> bool:
    """Whether the full screen is wanted: no command, or `run MODEL` at a terminal."""
    if options.command != "run":
        return not options.command
    asks = options.words or options.json
    return not asks and at_terminal()


def at_terminal() -> bool:
    """Whether somebody types and sees what is printed; either stream may be closed."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def main_parser() -> ArgumentParser:
    """Of what stands before a command."""
    width = max(len(command.name) for command in COMMANDS)
    lines = [f"  {command.name:<{width}}  {command.about}" for command in COMMANDS]
    variables = _("OLLAMA_HOST names the server; OLLAMA_TUI_HOME puts all files into one folder.")
    own = _("ollama-tui COMMAND --help tells of each.")
    parser = ArgumentParser(
        prog=_NAME,
        usage=f"{_NAME} [-h] [--version] [--host URL|NAME] [--model MODEL] [--session ID]\n"
        "                  [--prompt TEXT] [COMMAND ...]",
        description=_("A full-screen terminal workbench for Ollama."),
        epilog="\n".join([_("commands:"), *lines, own, "", variables]),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{_NAME} {__version__}")
    parser.add_argument("--host", default="", metavar="URL|NAME", help=_host())
    parser.add_argument(
        "--model", default="", type=writable, help=_("straight into a chat with this model")
    )
    parser.add_argument("--session", default="", metavar="ID", help=_("open this conversation"))
    parser.add_argument(
        "--prompt", default="", type=writable, metavar="TEXT", help=_("ask this at once")
    )
    parser.add_argument("command", nargs="?", default="", metavar="COMMAND", help=_("below"))
    parser.add_argument("rest", nargs=REMAINDER, metavar="...", help=_("what the command takes"))
    return parser


def command_parser(name: str) -> ArgumentParser:
    """Of what stands behind a command."""
    command = next(each for each in COMMANDS if each.name == name)
    parser = ArgumentParser(prog=f"{_NAME} {name}", description=command.about)
    module: Module = importlib.import_module(f"tui.commands.{command.module}")
    # Without a default, what stood before the command is not overwritten.
    about = _("where to listen: 127.0.0.1:11434 by default") if name == "serve" else _host()
    parser.add_argument("--host", default=_unsaid(), metavar="URL|NAME", help=about)
    if name not in ("serve", "completion"):
        parser.add_argument("--json", action="store_true", help=_("answer in JSON"))
    module.add_to(parser)
    return parser


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, [command.name for command in COMMANDS], 1)
    text = _("there is no command {name}").format(name=name)
    return text + (". " + _("Did you mean {close}?").format(close=close[0]) if close else "")


def _unsaid() -> str:
    from argparse import SUPPRESS

    return SUPPRESS


def _host() -> str:
    return _("the server: an address or a host's name")
