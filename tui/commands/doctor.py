"""`ollama-tui doctor`: what keeps a server from answering, and what mends it."""

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from contextlib import aclosing

import msgspec

from tui.commands.output import cells, tell, write_json
from tui.commands.services import FAILED, OK, Services
from tui.domain.checkup import Finding
from tui.domain.language import _
from tui.terminal import checkup
from tui.widgets.glyphs import g

_NAME = 16
_INDENT = 5


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    # Where it is left out, what --host said before stays.
    parser.add_argument(
        "host", nargs="?", default=SUPPRESS, metavar="HOST", help=_("an address or a host's name")
    )


async def run(options: Namespace, services: Services) -> int:
    """Print each finding as it comes; the exit code says whether one is bad."""
    part, bad = "", False
    here = checkup.examine(sys.stdout.isatty())
    for looks in (services.worker.doctor.examine(services.host), here):
        async with aclosing(looks) as found:
            async for finding in found:
                bad = bad or finding.state == "bad"
                if options.json:
                    write_json(msgspec.structs.asdict(finding))
                    continue
                if finding.part != part:
                    tell(("\n" if part else "") + finding.part)
                part = finding.part
                _tell(finding)
    return FAILED if bad else OK


def _tell(finding: Finding) -> None:
    mark = {"good": g.done, "bad": g.failed, "unknown": g.queued}[finding.state]
    gap = " " * max(_NAME - cells(finding.name), 1)
    rows = finding.said.splitlines() or [""]
    tell(f"   {mark} {finding.name}{gap}{rows[0]}".rstrip())
    commands = [f"{g.here} {row}" for row in finding.mend.splitlines()]
    for row in (*rows[1:], *finding.cause.splitlines(), *commands):
        tell(" " * (_INDENT + _NAME) + row)
