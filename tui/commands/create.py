"""`ollama-tui create`: makes a model of a Modelfile."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import msgspec

from tui.api.errors import OllamaError
from tui.commands.fetching import Fetching, job_of
from tui.commands.output import remark, tell
from tui.commands.progress import Display, display_for
from tui.commands.services import FAILED, OK, Services
from tui.commands.stdin import all_of_it
from tui.domain.language import _
from tui.domain.modelfile import Modelfile, ModelfileError, parse
from tui.domain.names import BadModelName
from tui.domain.pulls import Progress, Pull
from tui.worker.recipe import recipe


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("model", help=_("what it is to be called"))
    parser.add_argument("-f", "--file", default="Modelfile", help=_("its Modelfile; - is stdin"))
    parser.add_argument("-q", "--quantize", default="", metavar="LEVEL", help=_("such as q4_K_M"))
    parser.add_argument(
        "--draft-quantize", default="", metavar="LEVEL", help=_("the same for its draft model")
    )


async def run(options: Namespace, services: Services) -> int:
    """Hash and upload its files, then let the server make it."""
    services.want_keeper()
    try:
        job = job_of("create", options.model, services.host)
    except BadModelName as error:
        raise OllamaError(str(error)) from error
    piped = await all_of_it() if options.file == "-" else None
    modelfile, folder = await asyncio.to_thread(_read, Path(options.file), piped)
    for line, reason in modelfile.skipped:
        remark(_("line {line}: {reason}").format(line=line, reason=reason))
    display = display_for(sys.stdout, json=options.json)
    made = await recipe(modelfile, folder, _Hashing(job, display).take)
    levels = {"quantize": options.quantize, "draft_quantize": options.draft_quantize}
    request = made.request | {name: level for name, level in levels.items() if level}
    job = msgspec.structs.replace(job, request=request, blobs=made.blobs)
    (ended,) = await Fetching(services, display, "create").run([job])
    if ended.state == "failed":
        remark(ended.error)
        return FAILED
    if not options.json:
        tell(_("{name} is made").format(name=ended.name))
    return OK


class _Hashing:
    """Shows how far the hashing of files is."""

    def __init__(self, job: Pull, display: Display) -> None:
        self._job = job
        self._display = display

    def take(self, progress: Progress) -> None:
        """Show a report."""
        self._job = self._job.after(progress)
        self._display.show([self._job])


def _read(path: Path, piped: bytes | None) -> tuple[Modelfile, Path]:
    """The Modelfile, and where its paths begin; a folder is as good as its Modelfile.

    Raises OllamaError.
    """
    file = path / "Modelfile" if path.is_dir() else path
    try:
        text = _text(file.read_bytes() if piped is None else piped)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise OllamaError(_("{path} cannot be read: {why}").format(path=file, why=why)) from error
    try:
        return parse(text), file.parent
    except ModelfileError as error:
        raise OllamaError(f"{file}: {error}") from error


def _text(raw: bytes) -> str:
    """UTF-8, or UTF-16 where its mark says so."""
    return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
