"""Where keys are kept outside of our files: variables, files, and what commands print."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress

from tui.api.errors import KeyMissing
from tui.domain.host_settings import Source
from tui.domain.language import _
from tui.domain.places import home_path

_COMMAND_SECONDS = 60.0
"""Long enough for somebody to unlock a password store."""
_LAST_WORDS = 200


async def said(source: Source) -> str:
    """The first line of a source: password stores put more below it. Raises KeyMissing."""
    match source.kind:
        case "env":
            text = os.environ.get(source.what, "")
        case "file":
            text = await asyncio.to_thread(_in_file, source.what)
        case "command":
            text = await _printed(source.what)
    if line := text.strip().partition("\n")[0].strip():
        return line
    raise KeyMissing(_nothing(source))


def _nothing(source: Source) -> str:
    match source.kind:
        case "env":
            text = _("The environment variable {name}, which has a key of this host, is not set.")
            return text.format(name=source.what)
        case "file":
            text = _("{path}, which should have a key of this host, is empty.")
            return text.format(path=source.what)
        case "command":
            return _unsaid(source.what, _("it printed nothing"))


def _in_file(path: str) -> str:
    try:
        return home_path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or _("it is no text")
        text = _("{path}, which has a key of this host, cannot be read: {why}.")
        raise KeyMissing(text.format(path=path, why=why)) from None


async def _printed(command: str) -> str:
    """What a command prints. It has no terminal: a question of its own would garble the screen."""
    process = await asyncio.create_subprocess_shell(
        command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    try:
        async with asyncio.timeout(_COMMAND_SECONDS):
            printed, complaint = await process.communicate()
    except TimeoutError:
        why = _("it did not end within {n} s").format(n=f"{_COMMAND_SECONDS:g}")
        raise KeyMissing(_unsaid(command, why)) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode:
        words = complaint.decode(errors="replace").strip().rpartition("\n")[2][:_LAST_WORDS]
        why = words or _("it ended with {code}").format(code=process.returncode)
        raise KeyMissing(_unsaid(command, why))
    return printed.decode(errors="replace")


def _unsaid(command: str, why: str) -> str:
    """Only the first word of the command: the others may be secret."""
    text = _("The command {name}, which should print a key of this host, failed: {why}.")
    return text.format(name=command.split(maxsplit=1)[0], why=why.rstrip("."))
