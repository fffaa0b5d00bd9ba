"""What can be done to models, with the questions it takes."""

from collections.abc import Iterable

from textual import work

from tui.domain.language import _
from tui.domain.models import LocalModel
from tui.domain.names import BadModelName, ModelName, same_model
from tui.domain.units import size
from tui.screens.dialogs.confirm import ConfirmDialog
from tui.screens.dialogs.name import NameDialog, Remark
from tui.screens.models.library import total
from tui.screens.pulling import PullAsking

_NAMED = 6
"""As many names as a question lists."""


class ModelActions(PullAsking):
    """A page on which models are pulled, copied, deleted, loaded and unloaded."""

    @property
    def chosen(self) -> LocalModel | None:
        """The model under the cursor."""
        return None

    def picked(self) -> list[LocalModel]:
        """What an action is for: the models that are marked, else the one under the cursor."""
        return [self.chosen] if self.chosen else []

    @property
    def there(self) -> str:
        """The host whose models they are."""
        return self.worker.hosts.current

    def action_reload(self) -> None:
        """Ask the server again."""
        self.worker.hosts.look(self.worker.hosts.current)

    def action_delete(self) -> None:
        """Delete what is marked, else the model under the cursor."""
        self.delete(self.picked())

    def action_load(self) -> None:
        """Bring models into memory."""
        self.load(self.picked())

    def action_unload(self) -> None:
        """Take models out of memory."""
        self.unload(self.picked())

    def action_copy(self) -> None:
        """Give the model a second name."""
        if self.chosen:
            self.copy(self.chosen)

    @work(group="models")
    async def delete(self, models: list[LocalModel]) -> None:
        """Ask once, then delete."""
        host = self.there
        if not models:
            return
        disk = await self.worker.disks.read(host)
        freed = disk.freed([model.name for model in models]) if disk else None
        if not await self.app.push_screen_wait(_question(models, freed, self._elsewhere)):
            return
        for model in models:
            if await self.attempt(self.worker.models.delete(host, model.name)):
                self.deleted(model.name)

    @work(group="models")
    async def copy(self, model: LocalModel) -> None:
        """Ask for a second name and give it."""
        host = self.there
        taken = [each.name for each in self.worker.hosts.status(host).models or ()]
        dialog = NameDialog(
            _("Copy {name}").format(name=model.name),
            about=_("its second name; takes no space"),
            judge=lambda text: judge(text, taken),
        )
        if name := await self.app.push_screen_wait(dialog):
            await self.attempt(self.worker.models.copy(host, model.name, name))

    @work(group="models")
    async def load(self, models: list[LocalModel]) -> None:
        """Bring models into memory, one after the other."""
        host = self.there
        for model in models:
            self.loads(model.name, begins=True)
            await self.attempt(self.worker.models.load(host, model.name))
            self.loads(model.name, begins=False)

    @work(group="models")
    async def unload(self, models: list[LocalModel]) -> None:
        """Take models out of memory."""
        host = self.there
        for model in models:
            await self.attempt(self.worker.models.unload(host, model.name))

    @property
    def _elsewhere(self) -> str:
        """What the host is called, where that is not the one in use."""
        hosts = self.worker.hosts
        return "" if self.there == hosts.current else hosts.status(self.there).shown

    def deleted(self, name: str) -> None:
        """A model is gone."""

    def loads(self, name: str, *, begins: bool) -> None:
        """A model begins to load, or no longer does."""


def _question(models: list[LocalModel], freed: int | None, where: str) -> ConfirmDialog:
    """`freed` is what their disk gains; None where that is not known from here."""
    amount = size(total(models))
    if len(models) == 1:
        title = _("Delete {name} on {host}") if where else _("Delete {name}")
        title = title.format(name=models[0].name, host=where)
        text = _("It takes {size}.").format(size=amount)
    else:
        title = _("Delete {n} models").format(n=len(models))
        names = ", ".join(model.name for model in models[:_NAMED])
        if len(models) > _NAMED:
            names = _("{names} and {n} more").format(names=names, n=len(models) - _NAMED)
        text = _("{names} take {size}.").format(names=names, size=amount)
    if freed is None:
        text += " " + _("Layers that other models share stay: how much is not known from here.")
        return ConfirmDialog(title, text, yes=_("delete"))
    if freed < total(models):
        text += " " + _("Other models share {size} of it, which stay.").format(
            size=size(max(total(models) - freed, 0))
        )
    return ConfirmDialog(title, text, yes=_("delete, which frees {size}").format(size=size(freed)))


def judge(text: str, taken: Iterable[str]) -> Remark | None:
    """What is wrong with a new name."""
    try:
        name = ModelName.parse(text).short
    except BadModelName as error:
        return Remark(str(error))
    if any(same_model(name, each) for each in taken):
        return Remark(_("There is a {name} already. Type another name.").format(name=name))
    return None
