"""`ollama-tui rm`: deletes models, after a question that names the bytes."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from tui.api.base import Client
from tui.api.errors import OllamaError
from tui.commands.output import tell, write_json
from tui.commands.services import FAILED, OK, Services, Wrong, failed
from tui.commands.stdin import asked, someone_there
from tui.domain.language import _, many
from tui.domain.models import LocalModel
from tui.domain.names import same_model
from tui.domain.units import size


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=_("the models"))
    parser.add_argument("-y", "--yes", action="store_true", help=_("without asking"))


async def run(options: Namespace, services: Services) -> int:
    """Delete every model that is there; one that is not stops no other."""
    services.want_keeper()
    client = await services.client()
    local = await client.models()
    found = {name: _find(name, local) for name in dict.fromkeys(options.models)}
    doomed = [model for model in found.values() if model]
    if doomed and not options.yes and not await _agreed(doomed, local):
        return FAILED
    loaded = {model.name for model in await client.running()}
    results = []
    for name, model in found.items():
        error = await _delete(client, model or LocalModel(name=name), loaded)
        results.append({"model": name, "state": "failed" if error else "deleted", "error": error})
        if not error and not options.json:
            tell(_("deleted {name}").format(name=name))
    if options.json:
        write_json({"results": results})
    gone = sum(not result["error"] for result in results)
    if not options.json and len(results) > 1:
        tell(_("{n} of {all} deleted").format(n=gone, all=len(results)))
    return OK if gone == len(results) else FAILED


def _find(name: str, local: Sequence[LocalModel]) -> LocalModel | None:
    return next((model for model in local if same_model(model.name, name)), None)


async def _agreed(doomed: Sequence[LocalModel], local: Sequence[LocalModel]) -> bool:
    """Whether the user says yes. Raises Wrong where nobody can be asked."""
    if not someone_there():
        raise Wrong(_("there is nobody to ask; -y deletes without asking"))
    for model in doomed:
        tell(f"{model.name}  {size(model.size)}{_kept(model, doomed, local)}")
    count = len(doomed)
    question = many("Delete it? [y/N] ", "Delete all {n}? [y/N] ", count).format(n=count)
    return (await asked(question)).lower() in ("y", "yes", _("y"))


def _kept(model: LocalModel, doomed: Sequence[LocalModel], local: Sequence[LocalModel]) -> str:
    """Which other name keeps its files on the disk."""
    names = {each.name for each in doomed}
    others = [each for each in local if each.digest == model.digest and each.name not in names]
    if not model.digest or not others:
        return ""
    return " " + _("(frees nothing: {name} is the same)").format(name=others[0].name)


async def _delete(client: Client, model: LocalModel, loaded: set[str]) -> str:
    """Delete one, out of memory first; why it could not be done, if it could not."""
    try:
        if model.name in loaded:
            await client.unload(model.name)
        await client.delete(model.name)
    except OllamaError as error:
        failed(model.name, error)
        return str(error)
    return ""
