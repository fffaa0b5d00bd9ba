"""`ollama-tui list`: the models on a server's disk."""

from argparse import ArgumentParser, Namespace

from tui.commands.output import tell, write_json, write_table
from tui.commands.services import OK, Services
from tui.domain import clock
from tui.domain.language import _
from tui.domain.models import LocalModel
from tui.domain.units import ago, size

ID = 12
"""Digits of a digest that are shown, as `ollama` does."""


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument(
        "prefix", nargs="?", default="", help=_("only models whose names begin like this")
    )
    parser.add_argument("--names", action="store_true", help=_("only names, one a line"))


async def run(options: Namespace, services: Services) -> int:
    """Print the models."""
    begins = options.prefix.lower()
    found = await (await services.client()).models()
    models = [model for model in found if model.name.lower().startswith(begins)]
    if options.json:
        write_json({"models": [_facts(model) for model in models]})
    elif options.names:
        for model in models:
            tell(model.name)
    else:
        head = _("NAME"), _("ID"), _("SIZE"), _("MODIFIED")
        write_table(head, [_row(model) for model in models])
    return OK


def _row(model: LocalModel) -> tuple[str, ...]:
    when = ago(model.modified_at, clock.now()) if model.modified_at else "-"
    is_told = model.size and not model.remote_host
    return model.name, model.digest[:ID] or "-", size(model.size) if is_told else "-", when


def _facts(model: LocalModel) -> dict[str, object]:
    details = model.details
    return {
        "name": model.name,
        "digest": model.digest,
        "size": model.size,
        "modified_at": model.modified_at,
        "family": details.family,
        "parameter_size": details.parameter_size,
        "quantization": details.quantization_level,
        "context_length": details.context_length,
        "capabilities": model.capabilities,
    }
