"""`ollama-tui search`: the catalogue of models, by some letters of a name."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

import msgspec

from tui.api.errors import OllamaError
from tui.commands.output import remark, tell, write_json, write_table
from tui.commands.services import FAILED, OK, Services
from tui.domain.fuzzy import ranked
from tui.domain.language import _
from tui.domain.listed import Listed, Tag
from tui.domain.units import size

_SIZES = 4
"""Sizes that stand in one row."""


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("text", nargs="*", help=_("letters of a name, or words of what it is"))
    parser.add_argument(
        "--refresh", action="store_true", help=_("read what is new from ollama.com first")
    )
    parser.add_argument("--tags", action="store_true", help=_("every variant with its size"))
    parser.add_argument("--names", action="store_true", help=_("only names with tags, one a line"))


async def run(options: Namespace, services: Services) -> int:
    """Print what is found, the best first."""
    if options.refresh:
        await _refresh(services)
    found = _found(" ".join(options.text), services.worker.catalogue.listed())
    if options.json:
        write_json({"models": [msgspec.to_builtins(model) for model in found]})
    elif options.names:
        tell("\n".join(f"{model.name}:{tag.tag}" for model in found for tag in model.tags))
    elif not found:
        remark(_("Nothing of the catalogue is like that; any other name can be pulled, too."))
    elif options.tags:
        head = _("NAME"), _("SIZE"), _("PARAMETERS"), _("CONTEXT")
        write_table(head, [_tag(model, tag) for model in found for tag in model.tags])
    else:
        head = _("NAME"), _("SIZES"), _("CAN"), _("ABOUT")
        write_table(head, [_row(model) for model in found])
        tell()
        tell(_("ollama-tui search --tags NAME tells of every variant."))
    return OK if found else FAILED


async def _refresh(services: Services) -> None:
    """Read what is new; without it there still is the list."""
    try:
        await services.worker.news.fetch()
    except OllamaError as error:
        remark(f"{error} {_('The list stays as it was.')}")


def _found(text: str, listed: Iterable[Listed]) -> list[Listed]:
    """By name first, then those whose description has every word."""
    models = sorted(listed, key=lambda model: -(model.pulls or 0))
    named = [model for model, _match in ranked(text, models, lambda model: model.name)]
    words = text.lower().split()
    known = {model.name for model in named}
    about = [
        model
        for model in models
        if model.name not in known and all(word in _about(model) for word in words)
    ]
    return [*named, *about]


def _about(model: Listed) -> str:
    return f"{model.name} {model.description} {' '.join(model.capabilities)}".lower()


def _row(model: Listed) -> tuple[str, ...]:
    sizes = [*dict.fromkeys(tag.parameters for tag in model.tags if tag.parameters)]
    more = " …" if len(sizes) > _SIZES else ""
    shown = _("cloud") if model.cloud_only else " ".join(sizes[:_SIZES]) + more
    return model.name, shown, ", ".join(model.capabilities), model.description


def _tag(model: Listed, tag: Tag) -> tuple[str, ...]:
    known = f"{'~' if tag.approx else ''}{size(tag.size_bytes)}" if tag.size_bytes else "-"
    context = str(tag.context_length or "-")
    return f"{model.name}:{tag.tag}", known, tag.parameters or "-", context
