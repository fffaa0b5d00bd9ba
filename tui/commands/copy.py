"""`ollama-tui cp`: a second name for a model."""

from argparse import ArgumentParser, Namespace

from tui.commands.output import tell, write_json
from tui.commands.services import OK, Services
from tui.domain.language import _


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("model", help=_("the model"))
    parser.add_argument("name", help=_("what it is to be called, too"))


async def run(options: Namespace, services: Services) -> int:
    """Copy, which takes no space on the disk."""
    services.want_keeper()
    await (await services.client()).copy(options.model, options.name)
    if options.json:
        write_json({"source": options.model, "destination": options.name})
    else:
        tell(_("copied {source} to {name}").format(source=options.model, name=options.name))
    return OK
