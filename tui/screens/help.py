"""Every key of the program on one page, taken from the bindings themselves."""

from collections.abc import Iterable, Mapping, Sequence

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.dom import DOMNode

from tui.domain.language import _
from tui.paths import stylesheet
from tui.screens.page import Page
from tui.screens.signals import Signals
from tui.widgets.filter_line import FilterLine
from tui.widgets.help_sheet import HelpSection, HelpSheet
from tui.widgets.key_bar import Hint, key_name
from tui.widgets.line_input import LineInput
from tui.widgets.rows import Rows
from tui.widgets.sheet import Sheet
from tui.widgets.tab_strip import Strip, Tab
from tui.worker.worker import Worker


def help_section(
    title: str, *kinds: type[DOMNode], keymap: Mapping[str, str] | None = None
) -> HelpSection:
    """The keys that these classes themselves declare, as the keymap has them."""
    hints: dict[str, Hint] = {}
    for binding in _bindings(kinds):
        keys = (keymap or {}).get(binding.id or "", binding.key)
        label = binding.tooltip or binding.description
        if label:
            hints.setdefault(binding.id or binding.action, Hint(_keys(keys), label))
    return HelpSection(title, [*hints.values()])


def _bindings(kinds: Iterable[type[DOMNode]]) -> Iterable[Binding]:
    for kind in kinds:
        yield from (each for each in kind.__dict__.get("BINDINGS", []) if isinstance(each, Binding))


def _keys(keys: str) -> str:
    return " ".join(key_name(_normal(key.strip())) for key in keys.split(","))


def _normal(key: str) -> str:
    """A key as Textual names it: bindings may be written with the character itself."""
    return next(iter(Binding.make_bindings([Binding(key, "", "")]))).key


def table_sections(keymap: Mapping[str, str] | None = None) -> list[HelpSection]:
    """The keys of the screens that are tables, and of what they have in common."""
    from tui.screens.chats.columns import AnswerColumns
    from tui.screens.chats.comparison import ComparisonPage
    from tui.screens.downloads.screen import DownloadsScreen
    from tui.screens.hosts.fleet import FleetPage
    from tui.screens.hosts.screen import HostsScreen
    from tui.screens.models.create import CreatePage
    from tui.screens.models.discover import DiscoverPage
    from tui.screens.models.making import ModelMaking
    from tui.screens.models.screen import ModelsScreen
    from tui.screens.models.tending import ModelTending
    from tui.widgets.fleet_table import FleetTable
    from tui.widgets.host_rows import HostRows
    from tui.widgets.model_table import ModelTable

    places: list[tuple[str, tuple[type[DOMNode], ...]]] = [
        (_("tables"), (Rows,)),
        (_("models"), (ModelTable, ModelsScreen, ModelTending, ModelMaking)),
        (_("discover"), (DiscoverPage,)),
        (_("create"), (CreatePage,)),
        (_("downloads"), (DownloadsScreen,)),
        (_("hosts"), (HostRows, HostsScreen)),
        (_("fleet"), (FleetTable, FleetPage)),
        (_("side by side"), (ComparisonPage, AnswerColumns)),
        (_("pages of text"), (Sheet,)),
    ]
    return [help_section(title, *kinds, keymap=keymap) for title, kinds in places]


class HelpPage(Page):
    """All keys, found by their letters or by what they do."""

    CSS_PATH = stylesheet("help")
    AUTO_FOCUS = "HelpSheet"
    BINDINGS = [
        Binding("slash", "find", _("find"), id="help.find"),
        Binding("enter", "read", _("to the keys"), id="help.read"),
        Binding("escape,q,question_mark", "leave", _("back"), id="help.leave"),
    ]

    strip = getters.query_one(Strip)
    line = getters.query_one(FilterLine)
    sheet = getters.query_one(HelpSheet)

    def __init__(
        self, worker: Worker, signals: Signals, title: str, sections: Sequence[HelpSection]
    ) -> None:
        """`title` names the screen that is left for this page."""
        super().__init__(worker, signals)
        self.title = title
        self._sections = sections

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield FilterLine(_("a key, or what it does"))
        yield HelpSheet()

    def on_mount(self) -> None:
        self.strip.tabs = (Tab("keys", _("Keys")),)
        self.strip.active = "keys"
        self.sheet.sections = self._sections

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense while typing, and what does while reading."""
        if not self.is_mounted or action not in ("find", "read"):
            return True
        return self.line.input.has_focus == (action == "read")

    def action_find(self) -> None:
        """Type what to look for."""
        self.add_class("-filter")
        self.line.input.focus()

    def action_read(self) -> None:
        """Go from the line to what it found."""
        self.sheet.focus()

    def action_leave(self) -> None:
        """Show all keys again, then go back to where the user came from."""
        if self.has_class("-filter"):
            self.line.input.value = ""
            self.remove_class("-filter")
            self.sheet.focus()
        else:
            self.dismiss()

    @on(LineInput.Changed)
    def _narrow(self) -> None:
        self.sheet.wanted = self.line.input.value
