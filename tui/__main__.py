"""Composition root: reads the command line and settings, builds services, starts what is wanted."""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.commands.parsing import at_terminal, opens_screen, parse
from tui.domain.language import _
from tui.terminal.kind import BLIND

if TYPE_CHECKING:
    from tui.domain.hosts import HostAddress
    from tui.store.settings import Settings
    from tui.worker.worker import Worker


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the result is its exit code."""
    gc.disable()  # start-up makes many objects and no garbage; the app turns it on again
    options = parse(arguments)
    if options.command == "serve":
        from tui.commands.serve import serve

        serve(options.host)
    if opens_screen(options) and (why := _cannot_draw()):
        print(why, file=sys.stderr)
        return 2
    try:
        return asyncio.run(_run(options))
    except KeyboardInterrupt:
        return 130


def _cannot_draw() -> str:
    """Why there can be no full screen here; empty where there can."""
    if not at_terminal():
        return _(
            "ollama-tui draws a full screen and needs a terminal for that; "
            'ollama-tui run MODEL "QUESTION" does not.'
        )
    kind = os.environ.get("TERM", "")
    text = _(
        "ollama-tui draws a full screen, which a terminal with TERM={kind} cannot show. Any real "
        'one can: export TERM=xterm-256color. ollama-tui run MODEL "QUESTION" needs none.'
    )
    return text.format(kind=kind or '""') if kind in BLIND else ""


async def _run(options: argparse.Namespace) -> int:
    """Build the services, then hand them on; what is left behind is saved at the end."""
    from tui.domain.places import Places
    from tui.store.log import keep_log
    from tui.store.settings import SettingsStore
    from tui.widgets import glyphs
    from tui.worker.worker import Worker

    places = Places.find()
    keep_log(places)
    settings, complaints = SettingsStore(places).load()
    if settings.ascii is not None:
        glyphs.use(glyphs.ASCII if settings.ascii else glyphs.UNICODE)
    try:
        addresses, current = _hosts(options.host, settings)
    except ValueError as error:
        print(f"ollama-tui: {error}", file=sys.stderr)
        return 2
    async with Worker(places, settings, addresses, current) as worker:
        complaints += worker.hosts.configured.complaints
        if opens_screen(options):
            code = await _screen(options, worker, settings, complaints)
        else:
            from tui.commands.running import run

            code = await run(options, worker, complaints)
    if not worker.saved:
        text = _("Not everything could be saved under {path}: the disk may be full or read-only.")
        print(text.format(path=places.data), file=sys.stderr)
    return code


async def _screen(
    options: argparse.Namespace, worker: "Worker", settings: "Settings", complaints: list[str]
) -> int:
    from tui.domain.start import Start
    from tui.terminal.lean import lean

    with lean():
        from tui.app import OllamaTui

    start = Start(options.model, options.session, options.prompt)
    if options.command:
        from tui.commands.run import begun, switches
        from tui.commands.services import Wrong

        try:
            start = Start(session=begun(options, worker), switches=switches(options))
        except Wrong as error:
            print(f"ollama-tui: {error}", file=sys.stderr)
            return 2
    app = OllamaTui(worker, settings, start, complaints)
    await app.run_async(mouse=settings.mouse)
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
        address = HostAddress.parse(asked)
        if known := [name for name, each in addresses.items() if each == address]:
            return addresses, known[0]
        settings.hosts.pop(LOCAL, None)  # what it says, keys above all, is for OLLAMA_HOST
        return addresses | {LOCAL: address}, LOCAL
    return addresses, LOCAL if variable.strip() else settings.host


if __name__ == "__main__":
    sys.exit(main())
