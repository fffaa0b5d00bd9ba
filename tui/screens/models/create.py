"""A page on which a Modelfile is written and a model made of it."""

import asyncio
from pathlib import Path

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import TextArea

from tui.api.errors import OllamaError
from tui.domain.language import _, many
from tui.domain.modelfile import Fault, Modelfile, check
from tui.domain.names import BadModelName, ModelName, same_model
from tui.domain.pulls import Progress
from tui.domain.units import percent
from tui.paths import stylesheet
from tui.screens.page import Page
from tui.screens.signals import Signals
from tui.widgets.line_input import LineInput
from tui.widgets.modelfile_editor import ModelfileEditor
from tui.widgets.tab_strip import Strip, Tab
from tui.widgets.text import Rule, Text
from tui.worker.recipe import recipe, trouble
from tui.worker.worker import Worker

_REST = 0.2
"""Seconds without a key before the disk is asked for the files that are named."""


class CreatePage(Page):
    """Says what is wrong with the text while it is written; enter behind the name begins."""

    CSS_PATH = stylesheet("models")
    AUTO_FOCUS = "ModelfileEditor"
    BINDINGS = [
        Binding("ctrl+t", "create", _("create"), id="create.create"),
        Binding("enter", "create", _("create"), show=False, id="create.enter"),
        Binding("tab", "turn", _("text, name"), id="create.turn"),
        Binding("ctrl+g", "editor", _("editor"), id="create.editor"),
        Binding("escape", "leave", _("back"), id="create.leave"),
    ]

    strip = getters.query_one(Strip)
    editor = getters.query_one(ModelfileEditor)
    name_line = getters.query_one(LineInput)
    remark = getters.query_one("#remark", Text)

    def __init__(self, worker: Worker, signals: Signals, text: str, name: str) -> None:
        super().__init__(worker, signals)
        self.title = _("Models")
        self._text = text
        self._model_name = name
        self._folder = Path.cwd()
        self._resting: Timer | None = None

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield ModelfileEditor(self._text)
        yield Rule()
        yield Text(id="remark")
        with Horizontal(id="naming"):
            yield Text(_("name "), "$muted")
            yield LineInput(self._model_name, placeholder=_("of the model that this makes"))

    def on_mount(self) -> None:
        self.strip.tabs = (Tab("create", _("Create a model")),)
        self.strip.active = "create"
        rows = self._text.split("\n")
        self.editor.move_cursor((rows.index("") if "" in rows else len(rows), 0))
        self._judge()

    # --- what is wrong ---

    @on(TextArea.Changed)
    @on(LineInput.Changed)
    def _judge(self) -> None:
        """Of the grammar at once, of files when the keys rest."""
        modelfile, faults = check(self.editor.text)
        self._say_faults(faults)
        if self._resting is not None:
            self._resting.stop()
        if not faults:
            self._resting = self.set_timer(_REST, lambda: self._judge_files(modelfile))

    def _say_faults(self, faults: list[Fault]) -> None:
        if not faults:
            self._say(self._about(), "$muted")
            return
        first, *others = faults
        text = _("line {line}: {reason}").format(line=first.line, reason=first.reason)
        if others:
            more = many("{n} more line is wrong.", "{n} more lines are wrong.", len(others))
            text += " " + more.format(n=len(others))
        self._say(text, "$error")

    @work(group="files", exclusive=True)
    async def _judge_files(self, modelfile: Modelfile) -> None:
        text = await asyncio.to_thread(trouble, modelfile, self._folder)
        if text:
            self._say(text, "$error")

    def _about(self) -> str:
        name = self.name_line.value.strip()
        models = self.worker.hosts.status(self.worker.hosts.current).models or ()
        if name and any(same_model(name, each.name) for each in models):
            return _("There is a {name}: it will be replaced.").format(name=name)
        return _("Paths begin at {folder}.").format(folder=self._folder)

    def _say(self, text: str, colour: str) -> None:
        self.remark.colour = colour
        self.remark.text = text

    # --- what can be done ---

    def action_turn(self) -> None:
        """Go from the text to the name, or back."""
        (self.editor if self.name_line.has_focus else self.name_line).focus()

    def action_create(self) -> None:
        """Make the model, if nothing is wrong."""
        modelfile, faults = check(self.editor.text)
        if faults:
            self._say_faults(faults)
            return
        try:
            name = ModelName.parse(self.name_line.value).short
        except BadModelName as error:
            self._say(str(error), "$error")
            self.name_line.focus()
        else:
            self._create(modelfile, name)

    @work(group="create", exclusive=True)
    async def _create(self, modelfile: Modelfile, name: str) -> None:
        host = self.worker.hosts.current
        try:
            made = await recipe(modelfile, self._folder, self._hashed)
        except OllamaError as error:
            self._say(str(error), "$error")
            return
        self.worker.pulls.create(name, made.request, made.blobs, host)
        text = _("{name} is being made; 3 shows how far it is.")
        self.notify(text.format(name=name), markup=False)
        self.dismiss()

    def _hashed(self, progress: Progress) -> None:
        if self.is_mounted and progress.total:
            share = percent(progress.completed / progress.total)
            self._say(f"{progress.status}: {share}", "$muted")

    @work(group="editor", exclusive=True)
    async def action_editor(self) -> None:
        """Write it in the user's own editor."""
        from tui.terminal.editor import NoEditor, edited

        try:
            self.editor.load_text(await edited(self.app, self.editor.text))
        except NoEditor as error:
            self.notify(str(error), severity="error", markup=False)

    @work(group="leave", exclusive=True)
    async def action_leave(self) -> None:
        """Go back; what was written is given up only when the user says so."""
        from tui.screens.dialogs.confirm import ConfirmDialog

        if self.editor.text != self._text:
            text = _("What you have written is kept nowhere.")
            dialog = ConfirmDialog(_("Leave"), text, yes=_("leave"), no=_("stay"))
            if not await self.app.push_screen_wait(dialog):
                return
        self.dismiss()
