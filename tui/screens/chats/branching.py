"""A conversation forked from a message, and messages deleted, which can be undone."""

from collections.abc import Callable

from tui.domain.branching import Cut, cut, fork, mend
from tui.domain.language import _, many
from tui.domain.session import Message, Session
from tui.screens.chats.asking import Part
from tui.worker.conversations import ReadOnly


class Branching(Part):
    """A page whose conversation is a tree that can be taken apart."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "fork":
            return self._chosen_message() is not None
        if action == "delete_message":
            return self._chosen_message() is not None and not self._answering
        if action == "mend":
            return bool(self._cuts) and not self._answering
        return super().check_action(action, parameters)

    def action_fork(self) -> None:
        """Begin a conversation that is the same up to the chosen message."""
        session, chosen = self.desk.session, self._chosen_message()
        if session is not None and chosen is not None:
            forked = fork(session, chosen.id)
            self.worker.conversations.adopt(forked)
            self.desk.open(forked.id)
            self.show_active()
            self.notify(_("This is a conversation of its own now; the old one stays."))

    def action_delete_message(self) -> None:
        """Delete the chosen message with all that follows it."""
        session, chosen = self.desk.session, self._chosen_message()
        if session is None or chosen is None:
            return
        if chosen.parent is None and len(session.siblings(chosen)) == 1:
            self.notify(_("That is the whole conversation: ^R lists it, d there deletes it."))
            return
        taken: list[Cut] = []
        if self._change(session, lambda s: taken.append(cut(s, chosen))):
            self._cuts.append(taken[0])
            count = len(taken[0].messages)
            text = many(
                "Deleted. u brings it back, until the tab is closed.",
                "Deleted with all that followed: {n} messages. u brings them back, until the tab "
                "is closed.",
                count,
            )
            self.notify(text.format(n=count))
            self.refresh_bindings()

    def action_mend(self) -> None:
        """Bring back what was deleted last."""
        session = self.desk.session
        if session is not None and self._change(session, lambda s: mend(s, self._cuts[-1])):
            self._cuts.pop()
            self.refresh_bindings()

    @property
    def _answering(self) -> bool:
        return bool(self.worker.replies.running(self.desk.tabs.active))

    @property
    def _cuts(self) -> list[Cut]:
        """What was deleted from the conversation on top, the last at the end."""
        return self.desk.tabs.cuts.setdefault(self.desk.tabs.active, [])

    def _chosen_message(self) -> Message | None:
        """The message that the keys are about; of a running answer, the question."""
        session = self.desk.session
        chosen = self.pane.reading.transcript.chosen if session else None
        if session is None or chosen is None:
            return None
        return session.get(chosen.id) or session.get(chosen.parent or "")

    def _change(self, session: Session, change: Callable[[Session], None]) -> bool:
        try:
            self.worker.conversations.change(session.id, change)
        except ReadOnly as error:
            self.notify(str(error), severity="warning", markup=False)
            return False
        return True
