"""The conversations that lie open: read, begun, put away, and found again at the next start."""

from typing import Any

from tui.domain.language import _
from tui.domain.options import LOADING
from tui.domain.session import Session
from tui.domain.view import ChatView
from tui.screens.chats.entries import preferred
from tui.screens.chats.tabs import OpenTabs
from tui.store.sessions import SessionDamaged
from tui.worker.worker import Worker


class NotOpened(Exception):
    """A conversation that could not be opened; the text is for the user."""


class Desk:
    """Opens and closes tabs, and keeps the workspace as they are."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._workspace = worker.workspace.load()
        self.tabs = OpenTabs()
        self.remembers = True
        """Whether what is sent goes into the history."""
        self.deleted: list[str] = []
        """What was put into the trash from here, the last one last."""

    @property
    def session(self) -> Session | None:
        """The conversation on top."""
        return self._worker.conversations.open(self.tabs.active) if self.tabs.active else None

    @property
    def view(self) -> ChatView:
        """How the user likes to see conversations."""
        return self._workspace.view

    @view.setter
    def view(self, view: ChatView) -> None:
        self._workspace.view = view
        self.keep()

    @property
    def draft(self) -> str:
        """What was typed for it and not sent."""
        return self.tabs.drafts.get(self.tabs.active, "")

    def reopen(self) -> list[str]:
        """Take up where the user left off; a sentence for each tab that could not be opened."""
        self._worker.conversations.recover()
        troubles = []
        for each in self._workspace.tabs:
            try:
                self.open(each)
            except NotOpened as error:
                troubles.append(str(error))
        self.tabs.found(self._workspace)
        return troubles

    def open(self, id: str) -> Session:
        """Put a conversation on top, reading it if it is not open. Raises NotOpened."""
        try:
            session = self._worker.conversations.open(id)
        except FileNotFoundError as error:
            text = _("There is no conversation {id}; ^R lists all there are.")
            raise NotOpened(text.format(id=id)) from error
        except (OSError, SessionDamaged) as error:
            raise NotOpened(str(error)) from error
        self.tabs.open(id)
        return session

    def last_model(self, host: str) -> str:
        """The model of a host that was asked last; empty if none was."""
        return self._workspace.models.get(host, "")

    def begin(self, model: str = "", host_name: str = "") -> Session:
        """Begin a conversation, on the host in use by default; an empty one on top is taken."""
        host = self._worker.hosts.status(host_name or self._worker.hosts.current)
        model = model or preferred(host, self.last_model(host.name))
        session = self.session
        if session is None or session.messages:
            session = self._worker.conversations.create(host.name, model)
            session.options = self._loaded_with(session)
            if draft := self.tabs.drafts.pop("", ""):  # typed before, in a chat never sent
                self.tabs.drafts[session.id] = draft
            self.tabs.open(session.id)
        else:
            session.host, session.model = host.name, model or session.model
        return session

    def _loaded_with(self, session: Session) -> dict[str, Any]:
        """What another open chat loads the model with: other values would load it anew."""
        for each in self.tabs.ids:
            other = self._worker.conversations.open(each)
            same = (other.host, other.model) == (session.host, session.model)
            if same and other is not session:
                return {k: v for k, v in other.options.items() if k in LOADING}
        return {}

    def take_model(self, model: str, host: str) -> None:
        """Let another model answer in the conversation on top. Raises ReadOnly."""

        def take(session: Session) -> None:
            session.model, session.host = model, host
            session.options = self._loaded_with(session) | session.options

        self._worker.conversations.change(self.tabs.active, take)

    def close(self, id: str) -> None:
        """Close a tab; the conversation stays, and so does an answer that is coming."""
        self.tabs.close(id)
        if not self._worker.replies.running(id):
            self._worker.conversations.close(id)

    def asked(self, session: Session, text: str) -> None:
        """A question went out: it is history, and its model the one last used."""
        self._workspace.models[session.host] = session.model
        if self.remembers:
            self._worker.workspace.remember(text)
        self.keep()

    def keep(self) -> None:
        """Save what is open, so that the next start finds it."""
        open_now = [self._worker.conversations.open(each) for each in self.tabs.ids]
        self.tabs.kept(self._workspace, {session.id for session in open_now if session.messages})
        self._workspace.host = self._worker.hosts.current
        self._worker.workspace.save(self._workspace)
