"""Asking: what is sent, to which model, and what can be done with what came back."""

from typing import TYPE_CHECKING

from textual import getters, on, work

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.pasted import unmarked
from tui.domain.questions import joined, quoted
from tui.domain.session import Message, Session
from tui.screens.chats.desk import Desk
from tui.screens.chats.pane import ChatPane
from tui.screens.chats.reading import Reading
from tui.screens.chats.welcome import Welcome
from tui.screens.host_asking import HostAsking
from tui.screens.pulling import PullAsking
from tui.screens.signals import Signals
from tui.worker.conversations import ReadOnly
from tui.worker.worker import Worker

if TYPE_CHECKING:
    from tui.screens.dialogs.picker import Choice
    from tui.worker.attachments import Question


class Asking(PullAsking, HostAsking):
    """A page with a conversation on it, whose model can be asked and exchanged."""

    pane = getters.query_one(ChatPane)

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__(worker, signals)
        self.desk = Desk(worker)

    def show_active(self) -> None:
        """Show the conversation on top, or the first page where none is open."""
        raise NotImplementedError  # the page that has tabs knows how

    @on(ChatPane.Asked)
    async def _asked(self, event: ChatPane.Asked) -> None:
        event.stop()
        if event.instead_of and event.instead_of.role == "assistant":
            self._reword(event.instead_of, unmarked(event.text))
        elif words := quoted(event.text):
            self.ask(words, event.instead_of)
        else:
            await self._ask_or_act(event)

    async def _ask_or_act(self, event: ChatPane.Asked) -> None:
        from tui.screens.chats.slash import command_of

        try:
            command = command_of(event.text)
        except ValueError as error:
            self.notify(str(error), severity="warning", markup=False)
            self.pane.give_back(event.text)
        else:
            if command is None:
                self.ask(event.text, event.instead_of)
            elif not await self.app.run_action(command.action, self.pane.reading):
                text = _("There is nothing here that {command} could work on.")
                self.notify(text.format(command=unmarked(event.text).strip()), markup=False)

    def ask(self, text: str, instead_of: Message | None = None) -> None:
        """Send a question, pastes marked in it; where that cannot be, nothing of it is lost."""
        from tui.worker.attachments import Question, carries

        session = self.desk.session
        if session is None or not session.model:
            said = _("There is no model to ask yet. ^O chooses one, 2 pulls one.")
            self.notify(said, severity="warning", markup=False)
            self.pane.give_back(text, instead_of)
        elif carries(text, instead_of):
            self._ask_with_files(session, text, instead_of)
        else:
            self._send(session, Question(unmarked(text), {}), text, instead_of)

    def _reword(self, answer: Message, text: str) -> None:
        session = self.desk.session
        if session is None:
            return
        try:
            self.worker.replies.reword(session.id, answer, text)
        except (OllamaError, ReadOnly) as error:
            self._give_back(session, text, answer, error)

    @work(group="asking")
    async def _ask_with_files(
        self, session: Session, text: str, instead_of: Message | None
    ) -> None:
        try:
            question = await self.worker.attachments.prepare(session, text, instead_of)
        except OllamaError as error:
            self._give_back(session, text, instead_of, error)
        else:
            self._send(session, question, text, instead_of)

    def _send(
        self, session: Session, question: "Question", typed: str, instead_of: Message | None
    ) -> None:
        try:
            if self.worker.replies.running(session.id) and instead_of is None:
                self.worker.waiting.add(session.id, *question)
            else:
                self.worker.replies.send(session.id, question.text, instead_of, question.attached)
        except (OllamaError, ReadOnly) as error:
            self._give_back(session, typed, instead_of, error)
        else:
            self.pane.reading.transcript.follow()
            self.desk.asked(session, typed)

    def _give_back(
        self, session: Session, text: str, instead_of: Message | None, error: Exception
    ) -> None:
        """What could not be sent stands in the prompt again, before what was typed since."""
        self.notify(str(error), severity="warning", markup=False)
        if session is self.desk.session:
            self.pane.give_back(text, instead_of)
        else:
            since = self.desk.tabs.drafts.get(session.id, "")
            self.desk.tabs.drafts[session.id] = joined(text, since)

    def stop(self) -> bool:
        """Cut the running answer short; False if none runs."""
        session = self.desk.session
        return session is not None and self.worker.replies.stop(session.id)

    def choose_model(self) -> None:
        """Choose the model of this chat, or of a new one."""
        from tui.screens.dialogs.picker import ModelPicker

        session, hosts = self.desk.session, self.worker.hosts
        first = hosts.status(session.host if session else hosts.current)
        others = [each for each in hosts.all() if each.state == "up" and each.name != first.name]
        title = _("Model for this chat") if session else _("Model for a new chat")
        picker = ModelPicker(title, [first, *others], self.worker.pulls.all(), self.model)
        self.app.push_screen(picker, self._chosen)

    def _chosen(self, choice: "Choice | None") -> None:
        if choice is None:
            return
        try:
            if choice.pull:
                self.worker.pulls.add(choice.model, choice.host)
                text = _("{name} is in the queue; 3 shows how far it is.")
                self.notify(text.format(name=choice.model), markup=False)
            elif choice.new_chat or self.desk.session is None:
                self.desk.begin(choice.model, choice.host)
            else:
                self.desk.take_model(choice.model, choice.host)
        except ReadOnly as error:
            self.notify(str(error), severity="warning", markup=False)
        self.show_active()

    @on(Welcome.PullWanted)
    async def _pull(self, event: Welcome.PullWanted) -> None:
        event.stop()
        if event.name:
            self.worker.pulls.add(event.name)
            await self.run_action("app.page('downloads')")
        else:
            self.ask_pull()

    @on(Welcome.HostWanted)
    @work(group="hosts")
    async def _add_host(self) -> None:
        await self.ask_host()

    @on(Reading.CopyWanted)
    def _copy(self, event: Reading.CopyWanted) -> None:
        event.stop()
        self.copy(event.text)

    @work(group="copy")
    async def copy(self, text: str) -> None:
        """Give a text to the user's clipboard."""
        from tui.screens.clipping import clip

        await clip(self, text)


if TYPE_CHECKING:
    Part = Asking
else:

    class Part:
        """What a part of the chats' page is to the others.

        Each class that Textual takes for a node of its own costs every start 0.3 ms.
        """
