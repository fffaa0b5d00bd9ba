"""`ollama-tui ps`: the models in a server's memory."""

from argparse import ArgumentParser, Namespace

from tui.commands.listing import ID
from tui.commands.output import write_json, write_table
from tui.commands.services import OK, Services
from tui.domain.language import _
from tui.domain.models import RunningModel
from tui.domain.units import clock, size

_ALL = 100


def add_to(parser: ArgumentParser) -> None:
    """It takes nothing of its own."""


async def run(options: Namespace, services: Services) -> int:
    """Print the models."""
    models = await (await services.client()).running()
    if options.json:
        write_json({"models": [_facts(model) for model in models]})
    else:
        head = _("NAME"), _("ID"), _("SIZE"), _("PROCESSOR"), _("CONTEXT"), _("UNTIL")
        write_table(head, [_row(model) for model in models])
    return OK


def _row(model: RunningModel) -> tuple[str, ...]:
    return (
        model.name,
        model.digest[:ID] or "-",
        size(model.size) if model.size else "-",
        _processor(model) if model.size else "-",
        str(model.context_length or "-"),
        _until(model),
    )


def _processor(model: RunningModel) -> str:
    """Where it is, in the words of `ollama ps`."""
    cpu = round(model.cpu_share * _ALL)
    if cpu in (0, _ALL):
        return "100% CPU" if cpu else "100% GPU"
    return f"{cpu}%/{_ALL - cpu}% CPU/GPU"


def _until(model: RunningModel) -> str:
    left = model.stays()
    if left is None:
        return _("forever") if model.size or model.expires_at else "-"
    return clock(left.total_seconds()) if left else _("stopping")


def _facts(model: RunningModel) -> dict[str, object]:
    return {
        "name": model.name,
        "digest": model.digest,
        "size": model.size,
        "size_vram": model.size_vram,
        "context_length": model.context_length,
        "expires_at": model.expires_at,
    }
