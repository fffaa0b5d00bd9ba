"""The library of prompts, and the prompt that the model is really given."""

import asyncio

from textual import work

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.session import Message
from tui.screens.chats.filing import Filing
from tui.screens.chats.showing import Showing

_SAVE = "save"


class Prompting(Filing, Showing):
    """A page whose conversation can take a prompt from the library, and show its own."""

    @work(group="prompts", exclusive=True)
    async def action_prompts(self, words: str = "") -> None:
        """Take a prompt of the library; `save TITLE` adds this chat's system prompt to it."""
        from tui.screens.dialogs.prompts import PromptPicker

        verb, _space, title = words.strip().partition(" ")
        if verb == _SAVE:
            self._keep_prompt(title.strip())
            return
        prompts = await asyncio.to_thread(self.worker.prompts.all)
        dialog = PromptPicker(prompts, str(self.worker.prompts.folder))
        picked = await self.app.push_screen_wait(dialog)
        if picked is None:
            return
        if picked.use == "insert":
            self.pane.prompt.insert(picked.prompt.text)
            self.pane.prompt.focus()
        elif session := self.desk.session:
            text = _("The system prompt is “{title}”; the next question tells it.")
            if self._alter(session, lambda one: setattr(one, "system", picked.prompt.text)):
                self.notify(text.format(title=picked.prompt.title), markup=False)

    def _keep_prompt(self, title: str) -> None:
        session = self.desk.session
        if not title or session is None or not session.system:
            self._complain(
                _("/prompts save TITLE keeps this chat's system prompt; /set system sets one.")
            )
            return
        path = self.worker.prompts.save(title, session.system)
        self.notify(_("Kept in {path}.").format(path=path), markup=False)

    @work(group="show", exclusive=True)
    async def action_prompt(self, text: str = "") -> None:
        """Show the very prompt of the chosen question, or that of a text not asked yet."""
        session = self.desk.session
        if session is None or not session.model:
            return
        chosen = None if text else self.pane.reading.transcript.chosen
        leaf = _question(chosen)
        if not text and leaf is None:
            self._complain(_("Nothing has been asked yet; /prompt TEXT shows how it would be."))
            return
        try:
            prompt = await self.worker.models.prompt(session, leaf, text)
        except OllamaError as error:
            self._complain(str(error))
        else:
            self.read(_("prompt of {model}").format(model=session.model), prompt)


def _question(message: Message | None) -> str | None:
    """The question that an answer is about; a question itself."""
    if message is None or message.role == "user":
        return message.id if message else None
    return message.parent
