"""A conversation goes on with another host."""

from tui.domain.language import _, many
from tui.domain.names import same_model
from tui.domain.status import HostStatus
from tui.screens.chats.asking import Part
from tui.screens.chats.entries import chats, preferred
from tui.widgets.lines import dots
from tui.worker.conversations import ReadOnly


class Moving(Part):
    """A page whose conversation can move to another host."""

    def action_host(self, name: str = "") -> None:
        """Let another host answer here; without a name, choose one."""
        hosts = self.worker.hosts
        if not name:
            self._choose_host()
        elif found := next((each.name for each in hosts.all() if name in _names(each)), ""):
            self._move(found)
        else:
            known = ", ".join(each.shown for each in hosts.all())
            text = _("There is no host {name}. There are {known}; 4 adds others.")
            self.notify(text.format(name=name, known=known), severity="warning", markup=False)

    def _choose_host(self) -> None:
        from tui.screens.dialogs.choice import ChoiceDialog

        statuses = self.worker.hosts.all()

        def take(place: int | None) -> None:
            if place is not None:
                self._move(statuses[place].name)

        title = _("Which host answers here?")
        self.app.push_screen(ChoiceDialog(title, [*map(_line, statuses)]), take)

    def _move(self, host: str) -> None:
        """With the same model if it has that, else with the one it was last asked with."""
        session, status = self.desk.session, self.worker.hosts.status(host)
        if session is None:
            self.worker.hosts.use(host)
            return
        model = self._model_there(session.model, status)
        if not model:
            text = (
                _("{host} serves no model that can chat.")
                if status.is_fixed
                else _("{host} has no model that can chat; 2 pulls one.")
            )
            self.notify(text.format(host=status.shown), severity="warning", markup=False)
            return
        try:
            self.desk.take_model(model, host)
        except ReadOnly as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        text = _("{model} on {host} answers next.")
        self.notify(text.format(model=model, host=status.shown), markup=False)
        self.show_active()

    def _model_there(self, model: str, status: HostStatus) -> str:
        if status.models is None:
            return model  # nobody knows yet which it has
        same = (each.name for each in status.models if same_model(each.name, model))
        return next(same, "") or preferred(status, self.desk.last_model(status.name))


def _names(status: HostStatus) -> tuple[str, str]:
    return status.name, status.shown


def _line(status: HostStatus) -> str:
    """A host in one line, with how it is."""
    if status.state != "up":
        return dots(status.shown, _("down") if status.state == "down" else _("connecting"))
    count = sum(map(chats, status.models or ()))
    return dots(status.shown, many("{n} model", "{n} models", count).format(n=count))
