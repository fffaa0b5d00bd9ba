"""`ollama-tui show`: what a server tells of a model."""

from argparse import ArgumentParser, Namespace

import msgspec

from tui.commands.output import tell, write_json
from tui.commands.services import OK, Services, Wrong
from tui.domain.language import _
from tui.domain.models import ModelCard
from tui.domain.shows import shown

_PARTS = {
    "license": _("only its licence"),
    "modelfile": _("only its Modelfile"),
    "parameters": _("only its parameters"),
    "system": _("only its system prompt"),
    "template": _("only its template"),
}
_SHOWN = 8
"""Entries shown of a long list."""


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("model", help=_("its name"))
    for name, about in _PARTS.items():
        parser.add_argument(f"--{name}", action="store_true", help=about)
    parser.add_argument(
        "-v", "--verbose", action="store_true", help=_("with all that its file says")
    )


async def run(options: Namespace, services: Services) -> int:
    """Print what is known."""
    wanted = [name for name in _PARTS if getattr(options, name)]
    if len(wanted) > 1:
        raise Wrong(_("only one of {names} at a time").format(names=", ".join(wanted)))
    card = await (await services.client()).show(options.model, verbose=options.verbose)
    if options.json:
        write_json({"name": options.model, **msgspec.to_builtins(card)})
    elif wanted:
        tell(getattr(card, wanted[0]) or "")
    else:
        tell(shown("info", card, {}, ""))
        if options.verbose:
            _tell_all(card)
    return OK


def _tell_all(card: ModelCard) -> None:
    tell("\n" + _("Metadata"))
    for key, value in (card.model_info or {}).items():
        text = f"[{', '.join(map(str, value[:_SHOWN]))}, …]" if _is_long(value) else str(value)
        tell(f"  {key:<44} {text}")


def _is_long(value: object) -> bool:
    return isinstance(value, list) and len(value) > _SHOWN
