"""`ollama-tui stop`: takes models out of memory."""

from argparse import ArgumentParser, Namespace

from tui.api.base import Client
from tui.api.errors import OllamaError
from tui.commands.output import tell, write_json
from tui.commands.services import FAILED, OK, Services, failed
from tui.domain.language import _
from tui.domain.names import same_model


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=_("the models"))


async def run(options: Namespace, services: Services) -> int:
    """Unload every model; one that cannot be stops no other."""
    services.want_keeper()
    client = await services.client()
    loaded = [model.name for model in await client.running()]
    results = []
    for name in dict.fromkeys(options.models):
        error = await _stop(client, name, loaded)
        results.append({"model": name, "state": "failed" if error else "stopped", "error": error})
        if not error and not options.json:
            tell(_("stopped {name}").format(name=name))
    if options.json:
        write_json({"results": results})
    return FAILED if any(result["error"] for result in results) else OK


async def _stop(client: Client, name: str, loaded: list[str]) -> str:
    try:
        if not any(same_model(each, name) for each in loaded):
            await client.show(name)  # which tells of a model that is not there at all
        await client.unload(name)
    except OllamaError as error:
        failed(name, error)
        return str(error)
    return ""
