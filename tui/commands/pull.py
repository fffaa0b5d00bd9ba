"""`ollama-tui pull`: downloads, by the queue that all our programs share."""

import sys
from argparse import ArgumentParser, Namespace

from tui.commands.fetching import transfer
from tui.commands.services import Services
from tui.domain.language import _


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=_("what to download"))
    parser.add_argument("--insecure", action="store_true", help=_("a registry without TLS"))
    parser.add_argument(
        "--dry-run", action="store_true", help=_("only tell the size, and what is there already")
    )


async def run(options: Namespace, services: Services) -> int:
    """Download all of them, two at once, or as the settings say."""
    services.want_keeper()
    if options.dry_run:
        from tui.commands.forecast import forecast

        return await forecast(options, services)
    return await transfer("pull", options.models, services, options, sys.stdout)
