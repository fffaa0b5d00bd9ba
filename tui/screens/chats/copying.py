"""What was said, taken along: into the clipboard, or as a file."""

from typing import TYPE_CHECKING

from textual import work

from tui.domain.language import _, many
from tui.domain.places import home_path
from tui.screens.chats.asking import Part
from tui.widgets.lines import dots

if TYPE_CHECKING:
    from tui.domain.codeblocks import CodeBlock


class Copying(Part):
    """A page whose conversation, and the code in it, can be copied and saved."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("copy_words", "copy_code", "save_code"):
            return self.pane.reading.transcript.chosen is not None
        return super().check_action(action, parameters)

    def action_copy_words(self, words: str = "") -> None:
        """Copy the chosen message, or the whole conversation."""
        from tui.domain.exports import markdown

        session, chosen = self.desk.session, self.pane.reading.transcript.chosen
        if words == "all" and session is not None:
            self.copy(markdown(session))
        elif words:
            self._warn(_("/copy copies the answer, /copy all the whole conversation."))
        elif chosen is not None:
            self.copy(chosen.content)

    @work(group="code", exclusive=True)
    async def action_copy_code(self) -> None:
        """Copy a block of code of the chosen message; which one, where there are several."""
        if block := await self._chosen_block(_("Copy which code?")):
            self.copy(block.text)

    @work(group="code", exclusive=True)
    async def action_save_code(self) -> None:
        """Save a block of code of the chosen message as a file."""
        from tui.screens.dialogs.name import NameDialog

        block = await self._chosen_block(_("Save which code?"))
        if block is None:
            return
        about = _("a file or a folder; no file is overwritten")
        dialog = NameDialog(_("Save the code as"), value=block.file_name, about=about)
        if name := await self.app.push_screen_wait(dialog):
            await self._save(block, name)

    async def _save(self, block: "CodeBlock", name: str) -> None:
        try:
            path = home_path(name)
            kept = await self.worker.transfer.save(block.text + "\n", path, block.file_name)
        except OSError as error:
            self._warn(_("Not saved: {why}").format(why=error))
        else:
            self.notify(_("Saved as {path}.").format(path=kept.absolute()), markup=False)

    async def _chosen_block(self, question: str) -> "CodeBlock | None":
        from tui.domain.codeblocks import code_blocks
        from tui.screens.dialogs.choice import ChoiceDialog

        chosen = self.pane.reading.transcript.chosen
        blocks = code_blocks(chosen.content) if chosen else []
        if not blocks:
            self.notify(_("There is no code block in this message."), markup=False)
        if len(blocks) <= 1:
            return blocks[0] if blocks else None
        dialog = ChoiceDialog(question, [_about(block) for block in blocks])
        place = await self.app.push_screen_wait(dialog)
        return None if place is None else blocks[place]

    def _warn(self, text: str) -> None:
        self.notify(text, severity="warning", markup=False)


def _about(block: "CodeBlock") -> str:
    rows = block.text.count("\n") + 1
    size = many("{n} line", "{n} lines", rows).format(n=rows)
    first = next(filter(str.strip, block.text.splitlines()), "")
    return dots(block.language, size, first.strip())
