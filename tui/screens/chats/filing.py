"""Where a conversation goes: another model, another title, the trash."""

from collections.abc import Callable

from textual import work

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.lookup import model_named, session_named
from tui.domain.options import LOADING
from tui.domain.session import Session
from tui.screens.chats.desk import NotOpened
from tui.screens.chats.saving import Saving
from tui.store.sessions import SessionDamaged
from tui.worker.conversations import ReadOnly

_KEPT = ("system", "options", "think", "format", "keep_alive")
"""What a fresh conversation takes over from the one before it."""


class Filing(Saving):
    """A page whose conversation can be begun afresh, renamed and deleted."""

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
