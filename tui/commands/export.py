"""`ollama-tui export`: conversations as files of the user's own."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from tui.api.errors import OllamaError
from tui.commands.output import remark, tell, write_json
from tui.commands.services import FAILED, OK, Services, Wrong
from tui.domain.exports import FORMS, Form
from tui.domain.language import _
from tui.domain.places import home_path
from tui.store.sessions import SessionDamaged


class NoSession(OllamaError):
    """No conversation, or more than one, is named so."""


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    forms = ", ".join(FORMS)
    parser.add_argument(
        "words",
        nargs="*",
        metavar="SESSION FORMAT PATH",
        help=_("an id or a title (not with --all); {forms}; a file or folder").format(forms=forms),
    )
    parser.add_argument("--all", action="store_true", help=_("every conversation, into a folder"))


async def run(options: Namespace, services: Services) -> int:
    """Write the files, which never take the place of others."""
    wanted, form, path = _read(options.words, everything=options.all)
    transfer = services.worker.transfer
    try:
        if options.all:
            moved = await transfer.export_all(form, path)
            files, count, skipped = [str(path)], moved.count, moved.skipped
        else:
            found = await _id(wanted, services)
            session = await asyncio.to_thread(services.worker.conversations.open, found)
            files, count, skipped = [str(await transfer.export(session, form, path))], 1, []
    except (OSError, SessionDamaged) as error:
        raise OllamaError(_("Nothing was exported: {why}").format(why=error)) from error
    for text in skipped:
        remark(text)
    if options.json:
        write_json({"files": files, "count": count, "skipped": skipped})
    else:
        tell(files[0])
    return FAILED if skipped else OK


def _read(words: Sequence[str], *, everything: bool) -> tuple[str, Form, Path]:
    """The session, the form and where to. Raises Wrong."""
    wanted, rest = ("", [*words]) if everything else ("".join(words[:1]), [*words[1:]])
    form = rest.pop(0) if rest else ""
    if form not in FORMS or len(rest) > 1 or not (wanted or everything):
        text = _("write: export {what} {forms} [PATH]")
        what = "--all" if everything else "SESSION"
        raise Wrong(text.format(what=what, forms="|".join(FORMS)))
    return wanted, form, home_path(rest[0] if rest else ".")


async def _id(wanted: str, services: Services) -> str:
    """The id of the one conversation of this id, of an id that begins so, or of this title."""
    await services.worker.conversations.scan()
    titles = services.worker.conversations.titles()
    folded = wanted.lower()
    for found in (
        [title.id for title in titles if title.id == wanted],
        [title.id for title in titles if title.title.lower() == folded],
        [title.id for title in titles if title.id.startswith(wanted)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            text = _("{name} may be any of {ids}.")
            raise NoSession(text.format(name=wanted, ids=", ".join(found)))
    text = _("There is no conversation {name}. An id, its beginning, or a whole title names one.")
    raise NoSession(text.format(name=wanted))
