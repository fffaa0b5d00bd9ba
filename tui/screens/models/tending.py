"""Renaming models, keeping them in memory, bringing them up to date and giving them away."""

from textual import work
from textual.binding import Binding

from tui.domain.durations import seconds
from tui.domain.language import _
from tui.domain.names import DEFAULT_HOST, DEFAULT_NAMESPACE, BadModelName, ModelName
from tui.screens.dialogs.name import NameDialog, Remark
from tui.screens.models.actions import ModelActions, judge


class ModelTending(ModelActions):
    """What else can be done to models that are there."""

    BINDINGS = [
        Binding("R", "rename", "", tooltip=_("rename"), show=False, id="models.rename"),
        Binding("K", "keep", "", tooltip=_("stay in memory for"), show=False, id="models.keep"),
        Binding("U", "update", "", tooltip=_("pull again"), show=False, id="models.update"),
        Binding("A", "update_all", "", tooltip=_("update all"), show=False, id="models.update_all"),
        Binding(
            "o", "pull_to", "", tooltip=_("pull to other hosts"), show=False, id="models.pull_to"
        ),
        Binding("P", "push", "", tooltip=_("push to a registry"), show=False, id="models.push"),
    ]

    @work(group="models")
    async def action_rename(self) -> None:
        """Ask for another name and give it; a model is never without one."""
        host, model = self.worker.hosts.current, self.chosen
        if model is None:
            return
        taken = [each.name for each in self.worker.hosts.status(host).models or ()]
        dialog = NameDialog(
            _("Rename {name}").format(name=model.name),
            value=model.name,
            judge=lambda text: judge(text, taken),
        )
        if name := await self.app.push_screen_wait(dialog):
            await self.attempt(self.worker.models.rename(host, model.name, name))

    @work(group="models")
    async def action_keep(self) -> None:
        """Ask how long models stay in memory, loading those that are not there."""
        host, models = self.worker.hosts.current, self.picked()
        if not models:
            return
        names = ", ".join(model.name for model in models)
        dialog = NameDialog(
            _("Keep {names} in memory for").format(names=names),
            about=_("30m, 2h; -1 is for ever, 0 unloads"),
            judge=_no_span,
        )
        if not (text := await self.app.push_screen_wait(dialog)):
            return
        keep_alive = int(text) if text.lstrip("-").isdecimal() else text
        for model in models:
            self.loads(model.name, begins=True)
            await self.attempt(self.worker.models.load(host, model.name, keep_alive))
            self.loads(model.name, begins=False)

    def action_update(self) -> None:
        """Pull models again: only what is new in them is downloaded."""
        self.enqueue([model.name for model in self.picked()])

    def action_pull_to(self) -> None:
        """Pull models to other hosts, too."""
        if models := self.picked():
            self.ask_hosts(models)

    @work(group="updates", exclusive=True)
    async def action_update_all(self) -> None:
        """Ask the registries for every model, and pull those that are not the newest."""
        from tui.screens.dialogs.updates import UpdatesDialog

        models = self.worker.hosts.status(self.worker.hosts.current).models or ()
        newer = await self.app.push_screen_wait(UpdatesDialog(self.worker.updates.each(models)))
        self.enqueue([model.name for model in newer or []])

    def action_push(self) -> None:
        """Queue the upload of models to their registries."""
        for model in self.picked():
            try:
                name = ModelName.parse(model.name)
            except BadModelName as error:
                self.notify(str(error), severity="warning", markup=False)
                continue
            if (name.host, name.namespace) == (DEFAULT_HOST, DEFAULT_NAMESPACE):
                text = _(
                    "{name} has no owner in its name, so no registry would take it. y copies it "
                    "to a name such as user/{name}; push that one."
                )
                self.notify(text.format(name=model.name), severity="warning", markup=False)
                continue
            self.worker.pulls.push(model.name, self.worker.hosts.current)
            text = _("The push of {name} is in the queue.")
            self.notify(text.format(name=model.name), markup=False)


def _no_span(text: str) -> Remark | None:
    try:
        seconds(text)
    except ValueError:
        return Remark(_("{text} is no span of time; 30m and 2h are.").format(text=text))
    return None
