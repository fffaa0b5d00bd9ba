"""The app: makes the screens, hands them their services, and moves between them."""

import gc
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import TextArea

from tui.domain.language import _
from tui.domain.start import Start
from tui.paths import stylesheet
from tui.screens.calling import Calling
from tui.screens.chats.screen import ChatsScreen
from tui.screens.page import Page
from tui.screens.signals import Signals
from tui.store.settings import Settings
from tui.terminal.line import line_of
from tui.terminal.signals import on_ending_signals
from tui.terminal.themes import THEMES
from tui.widgets.lettered import Lettered
from tui.worker.events import Event, Notice
from tui.worker.worker import Worker

if TYPE_CHECKING:
    from tui.screens.hosts.fleet_actions import FleetActions
    from tui.screens.models import ModelsScreen


def _palette() -> type:
    from tui.screens.palette import BindingCommands

    return BindingCommands


def _to(key: str, name: str, about: str) -> Binding:
    return Binding(key, f"page('{name}')", "", tooltip=about, show=False, id=f"app.{name}")


class OllamaTui(Lettered):
    """The full-screen terminal workbench for Ollama."""

    TITLE = "ollama-tui"
    DEFAULT_MODE = "chats"
    CSS_PATH = [stylesheet("app"), stylesheet("chats")]
    COMMANDS = {_palette}
    BINDINGS = [
        Binding("ctrl+c", "stop_or_copy", _("stop, or copy"), show=False, id="app.stop"),
        Binding("ctrl+p", "command_palette", _("commands"), id="app.palette"),
        Binding("ctrl+o", "choose_model", _("model"), tooltip=_("choose a model"), id="app.model"),
        Binding("ctrl+n", "new_chat", _("new"), tooltip=_("begin a conversation"), id="app.new"),
        Binding("ctrl+r", "sessions", _("sessions"), tooltip=_("all conversations"), id="app.list"),
        Binding(
            "ctrl+l", "redraw", "", tooltip=_("paint the screen anew"), show=False, id="app.redraw"
        ),
        _to("1", "chats", _("go to the chats")),
        _to("2", "models", _("go to the models")),
        _to("3", "downloads", _("go to the downloads")),
        _to("4", "hosts", _("go to the hosts")),
        Binding("M", "mouse", "", tooltip=_("release the mouse"), show=False, id="app.mouse"),
        Binding("question_mark", "keys", "", tooltip=_("every key"), show=False, id="app.keys"),
        Binding("ctrl+q", "leave", _("quit"), id="app.quit"),
    ]

    def __init__(
        self, worker: Worker, settings: Settings, start: Start, complaints: Sequence[str] = ()
    ) -> None:
        super().__init__(line_of(settings.bandwidth))
        self.worker = worker
        self.signals = Signals(self)
        self._complaints = [*complaints]
        if not self.take_theme(settings.theme):
            known = ", ".join(each.name for each in THEMES)
            text = _("There is no theme {name}. There are auto, {known}, and all of Textual's.")
            self._complaints.append(text.format(name=settings.theme, known=known))
        self.chats = ChatsScreen(worker, self.signals, start)
        self._calling = Calling(self, worker.conversations, settings.notices)
        self._unsubscribe = worker.events.subscribe(self._hear)

    def get_default_screen(self) -> Screen[None]:
        """The chats at once: no screen of Textual's own is laid out and painted before."""
        return self.chats

    def on_mount(self) -> None:
        self.ask_for_width()
        self.add_mode("chats", lambda: self.chats)
        for name in ("models", "downloads", "hosts"):
            self.add_mode(name, partial(self._page, name))
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The first frame stands: now ask servers and disks."""
        gc.enable()
        on_ending_signals(self.exit)
        self.worker.start()
        if self._complaints:
            said = "\n".join(self._complaints)
            self.notify(said, severity="warning", timeout=15, markup=False)

    def on_unmount(self) -> None:
        self._unsubscribe()

    def _page(self, name: str) -> Screen[None]:
        """One of the screens that most sessions begin without."""
        from tui.screens.downloads import DownloadsScreen
        from tui.screens.hosts import HostsScreen
        from tui.screens.models import ModelsScreen

        kinds = {"models": ModelsScreen, "downloads": DownloadsScreen, "hosts": HostsScreen}
        return kinds[name](self.worker, self.signals)

    def _hear(self, event: Event) -> None:
        """Pass the worker's facts on to whoever shows them."""
        self._calling.hear(event)
        if isinstance(event, Notice):
            if not self._is_seen(event):
                timeout = 10 if event.severity == "error" else 5
                self.notify(event.text, severity=event.severity, timeout=timeout, markup=False)
        elif self.is_running:
            self.signals.publish(event)

    def _is_seen(self, notice: Notice) -> bool:
        """Whether the screen says the same."""
        page = self.screen if notice.of_queue and self.is_running else None
        return isinstance(page, Page) and page.shows_queue

    def on_app_blur(self) -> None:
        self.worker.hosts.attention.away = True

    def on_app_focus(self) -> None:
        """Whoever comes back sees how it is now."""
        hosts = self.worker.hosts
        hosts.attention.away = False
        hosts.look(hosts.current, models=False)

    # --- moving ---

    async def action_page(self, name: str) -> None:
        """Go to another screen."""
        await self.switch_mode(name)
        if isinstance(self.screen, Page):
            in_use = self.chats.host in ("", self.worker.hosts.current)
            self.screen.model = self.chats.model if in_use or name == "chats" else ""

    async def on_models_screen_chat_wanted(self, event: "ModelsScreen.ChatWanted") -> None:
        """Talk to a model from the library."""
        await self.switch_mode("chats")
        self.chats.new_chat(event.model)

    async def on_fleet_actions_chat_wanted(self, event: "FleetActions.ChatWanted") -> None:
        """Talk to models where they are."""
        await self.switch_mode("chats")
        self.chats.begin_with(event.pairs, event.question)

    @on(ChatsScreen.ChatReady)
    async def _to_the_chat(self) -> None:
        await self.switch_mode("chats")

    async def action_new_chat(self) -> None:
        """Begin a conversation."""
        await self.switch_mode("chats")
        self.chats.new_chat()

    async def action_choose_model(self) -> None:
        """Choose the model of this chat, or of a new one."""
        await self.switch_mode("chats")
        self.chats.choose_model()

    async def action_sessions(self) -> None:
        """Open or close the list of all conversations."""
        await self.switch_mode("chats")
        await self.chats.toggle_sessions()

    def action_command_palette(self) -> None:
        """Show what can be done, to be searched."""
        from tui.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_keys(self) -> None:
        """Show every key."""
        from tui.screens.help import HelpPage
        from tui.screens.keys import sections

        title = self.screen.title or ""
        page = HelpPage(self.worker, self.signals, title, sections(type(self)))
        page.host, page.model = self.chats.host, self.chats.model
        self.push_screen(page)

    def action_redraw(self) -> None:
        """Paint everything anew, after something else has written to the terminal."""
        self.refresh(layout=True)
        self.screen.refresh(layout=True)

    def action_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back."""
        from tui.terminal.mouse import toggle

        taken = _("The mouse is the program's again.")
        left = _("The mouse is the terminal's: it selects text as everywhere. M takes it back.")
        self.notify(taken if toggle(self) else left, markup=False)

    def action_stop_or_copy(self) -> None:
        """Stop the running answer, else copy what is selected; never quit."""
        if self.screen is self.chats and self.chats.stop():
            return
        focused = self.focused
        typed = focused.selected_text if isinstance(focused, TextArea) else ""
        if selected := typed or self.screen.get_selected_text():
            self.chats.copy(selected)

    async def action_leave(self) -> None:
        """Quit, asking once while work is running."""
        replies, pulls = self.worker.replies.count, len(self.worker.pulls.active)
        if not replies and not pulls:
            return self.exit()
        from tui.screens.leaving import asked_before

        dialog = asked_before(replies, pulls)
        self.push_screen(dialog, lambda yes: self.exit() if yes else None)
        return None

    def get_system_commands(self, screen: Screen[object]) -> list[SystemCommand]:
        """None of Textual's own: the palette offers what the keys do."""
        return []
