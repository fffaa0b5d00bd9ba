"""Where a conversation goes: another model, another title, the trash, a model made of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import work

from tui.api.errors import OllamaError
from tui.domain.language import _, many
from tui.domain.lookup import model_named, session_named
from tui.domain.names import BadModelName, ModelName, same_model
from tui.domain.options import LOADING
from tui.domain.session import Session
from tui.screens.chats.asking import Asking
from tui.screens.chats.desk import NotOpened
from tui.store.sessions import SessionDamaged
from tui.worker.conversations import ReadOnly

if TYPE_CHECKING:
    from tui.screens.dialogs.confirm import ConfirmDialog
    from tui.screens.dialogs.name import NameDialog

_KEPT = ("system", "options", "think", "format", "keep_alive")
"""What a fresh conversation takes over from the one before it."""


class Filing(Asking):
    """A page whose conversation can be begun afresh, renamed, saved as a model and deleted."""

    def action_model(self, name: str = "") -> None:
        """Let another model answer here; without a name, choose one."""
        if not name:
            self.choose_model()
        elif (found := self._found(name)) and (session := self.desk.session):
            self._attempt(lambda: self.desk.take_model(found, session.host))
            self.show_active()

    def action_begin(self, name: str = "") -> None:
        """Begin a conversation, with a model that is named or the one last used."""
        model = self._found(name) if name else ""
        if model is not None:
            self.desk.begin(model)
            self.show_active()

    def action_clear(self) -> None:
        """Begin afresh with the same settings; the old conversation stays."""
        if session := self.desk.session:
            self._afresh(session, session.model)

    def action_load(self, name: str = "") -> None:
        """Begin afresh with a model, or go back to a conversation by its title."""
        session = self.desk.session
        if not name or session is None:
            self.choose_model()
        elif model := model_named(name, self._models(session.host)):
            self._afresh(session, model)
            self._load(session, model)
        elif found := session_named(name, self.worker.conversations.titles()):
            self._turn_back(found)
        elif self.worker.hosts.status(session.host).models is None:
            self._afresh(session, name)  # nobody knows which models there are
        else:
            text = _("There is no model and no conversation {name}. /list and ^R show all.")
            self._complain(text.format(name=name))

    @work(group="load")
    async def _load(self, before: Session, model: str) -> None:
        """Bring the model into memory now, as the conversation will ask for it."""
        options = {key: value for key, value in before.options.items() if key in LOADING}
        await self.attempt(
            self.worker.models.load(before.host, model, before.keep_alive, options or None)
        )

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

    async def action_list(self, letters: str = "") -> None:
        """Show the models of this host; only those with these letters, if there are any."""
        from tui.screens.models import ModelsScreen

        await self.app.run_action("app.page('models')")
        page = self.app.screen
        if letters and isinstance(page, ModelsScreen):
            page.action_filter()
            page.line.input.value = letters
            page.action_browse()

    def action_rename(self, title: str = "") -> None:
        """Give this conversation another title."""
        from tui.screens.dialogs.name import NameDialog

        if not (session := self.desk.session):
            return

        def take(title: str | None) -> None:
            if title:
                self._alter(session, lambda one: setattr(one, "title", title))

        if title:
            take(" ".join(title.split()))
        else:
            self.app.push_screen(NameDialog(_("Title"), value=session.title), take)

    @work(group="title")
    async def action_title(self) -> None:
        """Let the model find a title."""
        session = self.desk.session
        if session is None or not session.messages:
            self._complain(_("There is nothing in this chat to name yet."))
        else:
            self.notify(
                _("{model} is asked for a title.").format(model=session.model), markup=False
            )
            try:
                await self.worker.titles.make(session.id)
            except (OllamaError, ReadOnly) as error:
                self._complain(str(error))

    def action_pin(self) -> None:
        """Keep this conversation at the top of the list, or let go of it."""
        if session := self.desk.session:
            pinned = not session.pinned
            if self._alter(session, lambda one: setattr(one, "pinned", pinned)):
                text = _("Pinned: ^R lists it first.") if pinned else _("No longer pinned.")
                self.notify(text, markup=False)

    def action_delete(self) -> None:
        """Put this conversation into the trash."""
        if session := self.desk.session:
            if not session.messages:
                self.desk.close(session.id)
                self.show_active()
            elif self._attempt(lambda: self.worker.conversations.remove(session.id)):
                self.desk.deleted.append(session.id)
                text = _("Deleted. /undelete brings it back; the trash keeps it for 30 days.")
                self.notify(text, markup=False)

    def action_undelete(self) -> None:
        """Bring back what /delete put into the trash last."""
        if not self.desk.deleted:
            self._complain(_("Nothing was deleted since the start; u in ^R knows what was there."))
            return
        gone = self.desk.deleted.pop()
        if self._attempt(lambda: self.worker.conversations.restore(gone)):
            self._turn_back(gone)

    def _afresh(self, before: Session, model: str) -> None:
        session = self.desk.begin(model)

        def take(one: Session) -> None:
            one.model, one.host = model, before.host
            for field in _KEPT:
                setattr(one, field, getattr(before, field))

        self._alter(session, take)
        self.show_active()

    def _turn_back(self, id: str) -> None:
        try:
            self.desk.open(id)
        except NotOpened as error:
            self._complain(str(error))
        self.show_active()

    def _models(self, host: str) -> list[str]:
        return [model.name for model in self.worker.hosts.status(host).models or ()]

    def _found(self, name: str) -> str | None:
        """The model that is meant; as it was typed where nobody knows which there are."""
        session = self.desk.session
        host = self.worker.hosts.status(session.host if session else self.worker.hosts.current)
        if host.models is None:
            return name
        found = model_named(name, [model.name for model in host.models])
        if found is None:
            text = (
                _("There is no model {name} on {host}. /list shows what it serves.")
                if host.is_fixed
                else _("There is no model {name} on {host}. /list shows all, 2 and p pulls one.")
            )
            self._complain(text.format(name=name, host=host.shown))
        return found

    def _alter(self, session: Session, change: Callable[[Session], None]) -> bool:
        return self._attempt(lambda: self.worker.conversations.change(session.id, change))

    def _attempt(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except (OllamaError, OSError, ReadOnly, SessionDamaged) as error:
            self._complain(str(error))
            return False
        return True

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
