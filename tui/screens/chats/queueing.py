"""Messages that wait until an answer is over: sent at once, changed, or taken out."""

from textual import work

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.pasted import marked
from tui.screens.chats.asking import Part
from tui.worker.conversations import ReadOnly


class Queueing(Part):
    """A page whose conversation has a queue of messages."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "waiting":
            return bool(self.desk.session and self.desk.session.queued)
        return super().check_action(action, parameters)

    @work(group="waiting", exclusive=True)
    async def action_waiting(self) -> None:
        """Send a waiting message now, edit it, or take it out."""
        from tui.screens.dialogs.waiting import WaitingDialog

        session = self.desk.session
        if session is None:
            return
        texts = [*session.queued]
        wanted = await self.app.push_screen_wait(WaitingDialog(texts))
        if wanted is None:
            return
        text, now = texts[wanted.place], session.queued
        if text not in now:
            self.notify(_("That message has been sent meanwhile."), markup=False)
            return
        place = wanted.place if now[wanted.place : wanted.place + 1] == [text] else now.index(text)
        self._do(session.id, wanted.act, place)

    def _do(self, session_id: str, act: str, place: int) -> None:
        try:
            if act == "send":
                self.worker.waiting.send_now(session_id, place)
                self.pane.reading.transcript.follow()
                return
            session = self.worker.conversations.open(session_id)
            images = session.carried.get(session.queued[place])
            text = self.worker.waiting.take(session_id, place)
        except (OllamaError, ReadOnly) as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        if act == "edit":
            from tui.worker.attachments import words

            if images:
                said = _("Its images are no longer with it: @ and their paths attach them again.")
                self.notify(said, markup=False)
            self.pane.give_back(marked(text) if words(text) else text)
            self.pane.prompt.focus()
