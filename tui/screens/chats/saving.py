"""Models made of conversations."""

from typing import TYPE_CHECKING

from textual import work

from tui.domain.language import _, many
from tui.domain.names import BadModelName, ModelName, same_model
from tui.domain.session import Session
from tui.screens.chats.asking import Part

if TYPE_CHECKING:
    from tui.screens.dialogs.confirm import ConfirmDialog
    from tui.screens.dialogs.name import NameDialog


class Saving(Part):
    """A page whose conversation can be saved as a model."""

    @work(group="save")
    async def action_save(self, name: str = "") -> None:
        """Make a model of this conversation, which goes on as it is."""
        session = self.desk.session
        if session is None or not self.keeps_models(session.host):
            return
        wanted = name or await self._asked_name()
        if not wanted:
            return
        try:
            model = ModelName.parse(wanted).short
        except BadModelName as error:
            self._complain(str(error))
            return
        if not await self._may_replace(model, session.host):
            return
        if await self.attempt(self.worker.models.save(session, model)):
            self.notify(_made(model, session), markup=False)

    async def _asked_name(self) -> str | None:
        return await self.app.push_screen_wait(_name_of_a_model())

    async def _may_replace(self, model: str, host: str) -> bool:
        """Whether no model has this name, or the user gives it up."""
        if not any(same_model(model, each) for each in self._models(host)):
            return True
        return await self.app.push_screen_wait(_instead_of(model)) is True

    def _models(self, host: str) -> list[str]:
        return [model.name for model in self.worker.hosts.status(host).models or ()]

    def _complain(self, text: str) -> None:
        self.notify(text, severity="warning", markup=False)


def _name_of_a_model() -> "NameDialog":
    from tui.screens.dialogs.name import NameDialog, Remark

    def judge(text: str) -> Remark | None:
        try:
            ModelName.parse(text)
        except BadModelName as error:
            return Remark(str(error))
        return None

    about = _("the name of a model; this chat stays as it is")
    return NameDialog(_("Make a model of this chat"), about=about, judge=judge)


def _instead_of(name: str) -> "ConfirmDialog":
    from tui.screens.dialogs.confirm import ConfirmDialog

    text = _("There is a {name} already. What it is now would be gone.")
    title = _("Save as {name}").format(name=name)
    return ConfirmDialog(title, text.format(name=name), yes=_("replace it"))


def _made(name: str, session: Session) -> str:
    count = len(session.branch())
    parts = [
        _("its system prompt") if session.system else "",
        many("{n} option", "{n} options", len(session.options)) if session.options else "",
        many("{n} message", "{n} messages", count) if count else "",
    ]
    counts = (0, len(session.options), count)
    told = [part.format(n=n) for part, n in zip(parts, counts, strict=True) if part]
    text = _("Made {name} of {model}: {parts}. This chat goes on as it is.")
    return text.format(name=name, model=session.model, parts=", ".join(told) or _("nothing added"))
