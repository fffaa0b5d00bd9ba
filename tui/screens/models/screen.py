"""The models of the host in use: find them, look at them, talk to them."""

from dataclasses import dataclass

from textual import on
from textual.binding import Binding
from textual.events import Resize
from textual.message import Message

from tui.domain.language import _
from tui.paths import stylesheet
from tui.screens.filters import TURN
from tui.screens.models.listing import ModelListing
from tui.screens.models.viewing import VIEWING
from tui.widgets.line_input import LineInput
from tui.widgets.rows import Rows

_ON_A_MODEL = frozenset({"copy", "delete", "details", "mark"})
_ON_THE_TABLE = frozenset({"sort", "reverse", "family", "filter", "mark", "turn"})
_OF_OWN_MODELS = frozenset({
    "pull", "discover", "delete", "copy", "load", "unload", "rename", "keep", "update",
    "update_all", "pull_to", "push", "create", "modelfile", "edit", "export", "quantize", "disk",
})  # fmt: skip
"""What cannot be done where models are chosen at the start of their server."""
_TYPING = frozenset({"leave", "browse"})
"""What else can be done while the filter is typed."""


class ModelsScreen(ModelListing):
    """A table with filters and sorting, details beside it, and every action on its rows."""

    CSS_PATH = stylesheet("models")
    TITLE = _("Models")
    AUTO_FOCUS = "ModelTable"
    BINDINGS = [
        Binding("escape", "leave", _("back"), id="models.leave"),
        Binding("p", "pull", _("pull"), id="models.pull"),
        Binding("D", "discover", _("discover"), tooltip=_("discover models"), id="models.discover"),
        Binding("v", "details", _("details"), id="models.details"),
        Binding("d", "delete", _("delete"), id="models.delete"),
        Binding("s", "sort", _("sort"), id="models.sort"),
        Binding("slash", "filter", _("filter"), id="models.filter"),
        Binding("space", "mark", _("select"), id="models.mark"),
        Binding("l", "load", _("load"), id="models.load"),
        Binding("u", "unload", _("unload"), id="models.unload"),
        Binding("y,c", "copy", _("copy"), id="models.copy"),
        Binding("r", "reload", _("reload"), id="models.reload"),
        Binding("enter", "browse", _("to the list"), id="models.browse"),
        *TURN,
        *VIEWING,
    ]

    @dataclass
    class ChatWanted(Message):
        """The user wants to talk to `model`."""

        model: str

    def on_mount(self) -> None:
        self.signals.hosts.subscribe(self, self.list_soon)
        self.signals.pulls.subscribe(self, self.list_soon)
        self.signals.checks.subscribe(self, self.list_soon)
        self.detail.can_focus = False
        self.show_list()

    def on_screen_resume(self) -> None:
        self.show_list()

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self.inspect)

    # --- what can be done ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now, for the row under the cursor."""
        if not self.is_mounted:
            return True
        is_typing = self.focused is self.line.input
        if is_typing or action == "browse":
            return is_typing and action in _TYPING
        if action in self._out_of_place:
            return False
        if action in ("load", "unload"):
            model = self.chosen
            return model is not None and self.is_loaded(model) == (action == "unload")
        if action == "leave":
            return self.narrowed or self.detail.has_focus
        return action not in _ON_A_MODEL or self.chosen is not None

    @property
    def _out_of_place(self) -> frozenset[str]:
        """What cannot be done where the focus is, or with models of this host."""
        here = _ON_THE_TABLE if self.detail.has_focus else frozenset[str]()
        return here | _OF_OWN_MODELS if self.status.is_fixed else here

    @on(Rows.Chosen)
    def _chat(self, event: Rows.Chosen) -> None:
        self.post_message(self.ChatWanted(event.key))

    def show_models(self, names: list[str]) -> None:
        """Leave nothing out, and turn to these."""
        self.library.show_all()
        self.library.marked = {*names} if len(names) > 1 else set()
        self.line.input.value = ""
        self.show_list()
        self.table.move_to(names[0])

    def action_mark(self) -> None:
        """Mark the model, or no longer, and go on to the next."""
        if self.chosen:
            self.library.marked ^= {self.chosen.name}
            self.show_list()
            self.table.action_step(1)

    def action_filter(self) -> None:
        """Type letters of a name."""
        self.add_class("-filter")
        self.line.input.focus()

    def action_browse(self) -> None:
        """Go from the filter to what it found."""
        self._narrow()  # the last letter may not have been heard of yet
        self.set_focus(self.table)

    def action_details(self) -> None:
        """Read all that is known of the model, or go back to the table."""
        if self.detail.has_focus:
            self.action_leave()
            return
        self.add_class("-detail")
        self.detail.can_focus = True
        self.call_after_refresh(self.inspect)
        self.detail.focus()
        if self.chosen and not self.status.is_fixed:
            self.look_for_parts(self.chosen)

    def action_leave(self) -> None:
        """Go back by one step: from the details, the filter, the marks."""
        if self.detail.has_focus:
            self.remove_class("-detail")
            self.table.focus()
            self.detail.can_focus = False
        elif self.has_class("-filter"):
            self.line.input.value = ""
            self.remove_class("-filter")
            self.table.focus()
        else:
            self.library.marked.clear()
        self.show_list()

    @on(LineInput.Changed)
    def _narrow(self) -> None:
        self.library.query = self.line.input.value
        self.show_list()

    def learned(self) -> None:
        self.list_soon()

    def deleted(self, name: str) -> None:
        self.library.marked.discard(name)

    def loads(self, name: str, *, begins: bool) -> None:
        loading = self.library.loading
        (loading.add if begins else loading.discard)(name)
        self.show_list()
