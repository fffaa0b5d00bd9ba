"""Composition root: reads the command line and settings, builds services, starts the app."""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui import __version__
from tui.domain.language import _

if TYPE_CHECKING:
    from tui.domain.hosts import HostAddress
    from tui.store.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the result is its exit code."""
    gc.disable()  # start-up makes many objects and no garbage; the app turns it on again
    options = _parser().parse_args(arguments)
    if options.command == "serve":
        from tui.commands.serve import serve

        serve(options.host)
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        print(_("ollama-tui draws a full screen and needs a terminal for that."), file=sys.stderr)
        return 2
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    """Build the services, then hand them to the app; what it leaves behind is saved at the end."""
    from tui.app import OllamaTui
    from tui.domain.places import Places
    from tui.domain.start import Start
    from tui.store.log import keep_log
    from tui.store.settings import SettingsStore
    from tui.worker.worker import Worker

    places = Places.find()
    keep_log(places)
    settings, complaints = SettingsStore(places).load()
    try:
        addresses, current = _hosts(options.host, settings)
    except ValueError as error:
        print(f"ollama-tui: {error}", file=sys.stderr)
        return 2
    async with Worker(places, settings, addresses, current) as worker:
        start = Start(options.model, options.session, options.prompt)
        app = OllamaTui(worker, settings, start, complaints)
        await app.run_async()
    if not worker.saved:
        text = _("Not everything could be saved under {path}: the disk may be full or read-only.")
        print(text.format(path=places.data), file=sys.stderr)
    return app.return_code or 0


def _hosts(asked: str, settings: "Settings") -> tuple[dict[str, "HostAddress"], str]:
    """All addresses by name, and the host to begin with; "" is the last used. Raises ValueError."""
    from tui.domain.hosts import HostAddress
    from tui.domain.status import EMBEDDED, LOCAL

    variable = os.environ.get("OLLAMA_HOST", "")
    addresses = {LOCAL: HostAddress.parse(variable)}
    addresses |= {
        name: HostAddress.parse(host.url) for name, host in settings.hosts.items() if host.url
    }
    if asked in addresses or asked == EMBEDDED:
        return addresses, asked
    if asked:
        addresses[LOCAL] = HostAddress.parse(asked)
        return addresses, LOCAL
    return addresses, LOCAL if variable.strip() else settings.host


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ollama-tui",
        description=_("A full-screen terminal workbench for Ollama."),
        epilog=_("OLLAMA_HOST names the server; OLLAMA_TUI_HOME puts all files into one folder."),
    )
    parser.add_argument("--version", action="version", version=f"ollama-tui {__version__}")
    parser.add_argument(
        "--host", default="", metavar="URL|NAME", help=_("the server: an address or a host's name")
    )
    parser.add_argument("--model", default="", help=_("straight into a chat with this model"))
    parser.add_argument("--session", default="", metavar="ID", help=_("open this conversation"))
    parser.add_argument("--prompt", default="", metavar="TEXT", help=_("ask this at once"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    serve = commands.add_parser(
        "serve", help=_("run the embedded, Ollama-compatible server in the foreground")
    )
    serve.add_argument(
        "--host",
        default=argparse.SUPPRESS,
        metavar="HOST:PORT",
        help=_("where to listen; OLLAMA_HOST or 127.0.0.1:11434 by default"),
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
