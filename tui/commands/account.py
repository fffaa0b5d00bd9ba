"""`ollama-tui signin` and `signout`: the server's account at ollama.com."""

import asyncio
from argparse import ArgumentParser, Namespace

from tui.api.base import Client
from tui.api.errors import Unauthorized
from tui.commands.output import tell, write_json
from tui.commands.services import OK, Services
from tui.domain.language import _

_POLL = 2.0
"""Seconds between two questions whether the user has signed in."""


def add_to(parser: ArgumentParser) -> None:
    """It takes nothing of its own."""


async def run(options: Namespace, services: Services) -> int:
    """Sign in or out."""
    client = await services.client()
    if options.command == "signout":
        await client.sign_out()
        if options.json:
            write_json({"signed_in": False})
        else:
            tell(_("signed out from ollama.com"))
        return OK
    who = await _signed_in(client, options)
    if options.json:
        write_json({"signed_in": True, "name": who})
    else:
        tell(_("signed in as {name}").format(name=who))
    return OK


async def _signed_in(client: Client, options: Namespace) -> str:
    """Who is signed in, once somebody is."""
    told = ""
    while True:
        try:
            return await client.account()
        except Unauthorized as error:
            if not error.signin_url:
                raise
            if error.signin_url != told:
                told = error.signin_url
                _tell(told, options)
        await asyncio.sleep(_POLL)


def _tell(url: str, options: Namespace) -> None:
    if options.json:
        write_json({"signed_in": False, "signin_url": url})
    else:
        tell(_("Open this page, in any browser, and sign in; ctrl-c gives up:"))
        tell(url)
