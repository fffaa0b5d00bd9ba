"""What `/show` prints of a model: the words of `ollama run`, from one answer of the server."""

from collections.abc import Callable, Mapping
from typing import Any

from tui.domain.language import _
from tui.domain.models import ModelCard

SHOWN = ("info", "license", "modelfile", "parameters", "system", "template")


def shown(what: str, card: ModelCard, options: Mapping[str, Any], system: str) -> str:
    """The text for one of SHOWN; `options` and `system` are the conversation's own."""
    readers: dict[str, Callable[[], str]] = {
        "info": lambda: _info(card),
        "license": lambda: card.license or "",
        "modelfile": lambda: card.modelfile,
        "parameters": lambda: _parameters(card, options),
        "system": lambda: system or card.system,
        "template": lambda: card.template,
    }
    return readers[what]()


def _info(card: ModelCard) -> str:
    details = card.details
    facts = [
        (_("architecture"), card.architecture or details.family),
        (_("parameters"), details.parameter_size),
        (_("context length"), card.number("context_length") or details.context_length),
        (_("embedding length"), card.number("embedding_length")),
        (_("quantization"), details.quantization_level),
        (_("requires"), card.requires),
        (_("can"), ", ".join(card.capabilities or ())),
    ]
    lines = [f"{name:<20}{value}" for name, value in facts if value]
    for title, text in ((_("Parameters"), card.parameters), (_("System"), card.system)):
        if text.strip():
            lines += ["", title, *(f"  {row}" for row in text.strip().splitlines())]
    return "\n".join(lines)


def _parameters(card: ModelCard, options: Mapping[str, Any]) -> str:
    rows = card.parameter_rows()
    lines = [_("Of the model:"), *(f"  {name:<20}{value}" for name, value in rows)] if rows else []
    if options:
        lines += ["", _("Of this conversation:")]
        lines += [f"  {name:<20}{value}" for name, value in options.items()]
    return "\n".join(lines)
