"""Conversations carried out into files, in from others', and gone to where something was said."""

from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from tui.domain.language import _, many
from tui.domain.places import home_path
from tui.domain.session import Message, Session
from tui.screens.chats.asking import Part
from tui.worker.conversations import ReadOnly

if TYPE_CHECKING:
    from tui.worker.transfer import Moved

_NAMED = 3
"""Sentences about what was left out that are shown; more would hide the screen."""
_LONG = 15.0
"""Seconds that a path stays readable."""


class Carrying(Part):
    """A page whose conversations can be exported, imported and gone to."""

    @work(group="files")
    async def action_export(self, words: str = "") -> None:
        """Write this conversation into a file, or all of them into a folder."""
        from tui.domain.exports import request_of

        try:
            request = request_of(words)
            path = home_path(request.path)
            if request.all:
                self._tell(await self.worker.transfer.export_all(request.form, path), path)
            elif (session := self.desk.session) and session.messages:
                written = await self.worker.transfer.export(session, request.form, path)
                self._say(_("Written to {path}.").format(path=written.absolute()))
            else:
                self._say(_("There is nothing in this chat to export yet."))
        except (OSError, ValueError) as error:
            self._refuse(str(error))

    @work(group="files")
    async def action_import(self, words: str = "") -> None:
        """Take in conversations of this and other programs from a file or a folder."""
        if not words:
            text = _(
                "/import PATH takes in conversations of ChatGPT, Open WebUI, oterm, elia, "
                "parllama, OpenAI-style messages, and what /export json wrote."
            )
            self._refuse(text)
            return
        path = home_path(words)
        try:
            moved = await self.worker.transfer.bring_in(path, self.worker.hosts.current)
        except OSError as error:
            self._refuse(str(error))
        else:
            self._tell(moved)

    def go_to(self, message_id: str) -> None:
        """Show a message of the conversation on top, on its branch."""
        session = self.desk.session
        message = session.get(message_id) if session else None
        if session is None or message is None or not self._turn_to_branch(session, message):
            return

        def choose() -> None:
            self.pane.reading.transcript.focus()
            self.pane.reading.transcript.choose(message_id)

        self.call_after_refresh(choose)  # what is not laid out yet cannot be scrolled

    def _turn_to_branch(self, session: Session, message: Message) -> bool:
        if any(each.id == message.id for each in session.branch()):
            return True
        try:
            self.worker.conversations.change(session.id, lambda one: one.show(message))
        except ReadOnly as error:
            self._refuse(str(error))
            return False
        return True

    def _tell(self, moved: "Moved", folder: Path | None = None) -> None:
        count = many("{n} conversation", "{n} conversations", moved.count).format(n=moved.count)
        if folder is not None:
            text = _("{count} written into {path}.").format(count=count, path=folder.absolute())
        else:
            text = _("{count} taken in; ^R lists them.").format(count=count)
        self._say(text)
        if moved.skipped:
            more = len(moved.skipped) - _NAMED
            last = many("{n} more was left out.", "{n} more were left out.", more)
            told = [*moved.skipped[:_NAMED], *([last.format(n=more)] if more > 0 else [])]
            self._refuse("\n".join(told))

    def _say(self, text: str) -> None:
        self.notify(text, timeout=_LONG, markup=False)

    def _refuse(self, text: str) -> None:
        self.notify(text, severity="warning", timeout=_LONG, markup=False)
