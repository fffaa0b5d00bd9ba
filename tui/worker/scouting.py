"""What was tried to find a server, for the page that says that none answered."""

import asyncio
import contextlib
import os
import subprocess
from pathlib import Path

import msgspec

from tui.api.access import Access
from tui.api.errors import OllamaError
from tui.api.probe import Probe, find_ollama_program, probe
from tui.domain.hosts import DEFAULT_PORT, HostAddress
from tui.domain.language import _
from tui.domain.places import Places
from tui.domain.status import Trial
from tui.store.files import make_folder


class Scouting(msgspec.Struct, frozen=True):
    """Everything that was looked at."""

    trials: tuple[Trial, ...]
    program: Path | None = None
    """The `ollama` that is installed here and could serve the address in use."""
    program_version: str = ""


class Scout:
    """Looks for servers and for the `ollama` program, and starts the latter."""

    def __init__(self, places: Places) -> None:
        self._log = places.log / "ollama-serve.log"

    async def look(self, address: HostAddress, access: Access | None = None) -> Scouting:
        """Try the address in use, and what else may be on this machine."""
        # What is behind ssh, the tunnel tells: its words stand below the trials.
        tried = [] if address.box else [address]
        other = HostAddress(host="::1", port=DEFAULT_PORT)
        if address.is_local and address != other:
            tried.append(other)
        looking = asyncio.gather(
            *(
                probe(each, own, kind=own.setting.speaks(each))
                for each in tried
                if (own := (access if each is address else None) or Access())
            )
        )
        found, probes = await find_ollama_program(), await looking
        variable = os.environ.get("OLLAMA_HOST", "").strip()
        trials = [] if variable else [Trial(what="OLLAMA_HOST", result=_("not set"))]
        if address.box:
            trials.append(_trial(address, _("failed"), _("said below"), good=False))
        trials += [_tried(each) for each in probes]
        here = _("ollama on this machine")
        if found is None:
            trials.append(Trial(what=here, result=_("not found")))
            return Scouting(tuple(trials))
        path, version = found
        why = _("{version}, not running").format(version=version or path)
        trials.append(Trial(what=here, result=_("found"), why=why, outcome="good"))
        could_serve = address.is_local and not address.socket
        return Scouting(tuple(trials), path if could_serve else None, version)

    def serve(self, program: Path, address: HostAddress) -> None:
        """Start `ollama serve`; it goes on running after this program. Raises OllamaError."""
        try:
            make_folder(self._log.parent)
            with self._log.open("ab") as log:
                process = subprocess.Popen(
                    [program, "serve"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=os.environ | {"OLLAMA_HOST": address.url},
                    start_new_session=True,
                )
        except OSError as error:
            text = _("{program} could not be started: {why}.")
            raise OllamaError(text.format(program=program, why=error.strerror)) from error
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.0)
        process.returncode = process.returncode or 0  # it is meant to outlive this program


def _tried(found: Probe) -> Trial:
    word, why = _words(found)
    return _trial(found.address, word, why, good=found.result == "up")


def _trial(address: HostAddress, word: str, why: str, *, good: bool) -> Trial:
    return Trial(what=address.shown, result=word, why=why, outcome="good" if good else "bad")


def _words(found: Probe) -> tuple[str, str]:
    """A word for the result, and half a sentence on what it means."""
    said = {
        "up": (_("up"), found.version or ""),
        "refused": (_("refused"), _("nothing listens there")),
        "timed out": (_("timed out"), _("no answer within 3 s")),
        "unknown name": (_("unknown"), _("no host of this name")),
        "tls": (_("TLS failed"), _("its certificate was not accepted")),
        "unauthorized": (_("refused"), _("it wants to know who asks")),
        "forbidden": (_("forbidden"), _("it refuses this host name")),
        "not ollama": (_("not Ollama"), _("another program answers there")),
        "not openai": (_("no OpenAI API"), _("another program answers there")),
    }
    return said.get(found.result) or (_("failed"), str(found.error).split("\n")[0])
