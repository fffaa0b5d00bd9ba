"""`ollama-tui push`: uploads a model to its registry."""

import sys
from argparse import ArgumentParser, Namespace

from tui.commands.fetching import transfer
from tui.commands.services import Services
from tui.domain.language import _


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument(
        "models", nargs="+", metavar="MODEL", help=_("a model with a namespace: you/model")
    )
    parser.add_argument("--insecure", action="store_true", help=_("a registry without TLS"))


async def run(options: Namespace, services: Services) -> int:
    """Upload all of them."""
    services.want_keeper()
    return await transfer("push", options.models, services, options, sys.stdout)
