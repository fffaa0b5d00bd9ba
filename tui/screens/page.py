"""What all screens have in common: the top bar, the footer, and keeping both true."""

from collections.abc import Awaitable

from textual import getters, on
from textual.app import ComposeResult
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen

from tui.api.errors import OllamaError
from tui.screens.hints import active_hints
from tui.screens.pacing import SELDOM, Paced
from tui.screens.pull_totals import totals
from tui.screens.signals import Signals
from tui.terminal.paced import PacedScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.lines import WIDE
from tui.widgets.top_bar import TopBar, TopLine
from tui.worker.worker import Worker

LOW, TALL = 20, 30
"""Rows from which a tab strip, and some air, have their place."""


class Page(PacedScreen[None]):
    """A screen of the program: top bar, the body that a subclass composes, footer."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (LOW, "-low"), (TALL, "-tall")]

    shows_queue = False
    """Whether what becomes of downloads can be read on it."""

    top_bar = getters.query_one(TopBar)
    key_bar = getters.query_one(KeyBar)

    model: var[str] = var("")
    """The model that the top bar names: the one a question would go to."""
    host: var[str] = var("")
    """Its host; empty for the one in use."""

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__()
        self.worker = worker
        self.signals = signals
        self.top_soon = Paced(self, self._draw_top)
        """Call it when something in the top bar may have changed."""

    def compose(self) -> ComposeResult:
        self._fit(self.app.size)
        yield TopBar()
        yield from self.compose_body()
        yield KeyBar()

    def _fit(self, size: Size) -> None:
        """Take the classes of the window's size before anything is styled, not all over after."""
        for points, cells in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            names = [name for least, name in points or () if cells >= least]
            self.add_class(*names[-1:], update=False)

    @property
    def is_seen(self) -> bool:
        """Whether any of it can be seen: it is on top, or below nothing but dialogs."""
        return self.is_current and (self.is_active or not isinstance(self.app.screen, Page))

    def compose_body(self) -> ComposeResult:
        """What stands between top bar and footer."""
        raise NotImplementedError  # every page has a body of its own

    def on_mount(self) -> None:
        # Textual calls the on_mount of every class in turn: a subclass must not call this one.
        self.signals.hosts.subscribe(self, self.top_soon)
        self.signals.pulls.subscribe(self, Paced(self, self._draw_top, SELDOM))
        self.bindings_updated_signal.subscribe(self, self._draw_keys)
        self._draw_top()

    def on_screen_resume(self) -> None:
        self._draw_top()
        self._draw_keys()

    def watch_model(self) -> None:
        if self.is_mounted:
            self._draw_top()

    def watch_host(self) -> None:
        self.watch_model()

    async def attempt(self, work: Awaitable[None]) -> bool:
        """Whether it went well; what did not is told."""
        try:
            await work
        except OllamaError as error:
            self.notify(str(error), severity="error", markup=False)
            return False
        return True

    @on(KeyBar.Pressed)
    def _press(self, event: KeyBar.Pressed) -> None:
        event.stop()
        # In the name of the app: a key sent by the screen itself would not bubble up to it.
        self.app.call_later(self.app.simulate_key, event.key)

    def _draw_keys(self, _screen: Screen[None] | None = None) -> None:
        if self.is_active:
            self.key_bar.hints = active_hints(self)

    def _draw_top(self) -> None:
        if self.is_current:
            self.top_bar.value = self._top_line()

    def _top_line(self) -> TopLine:
        hosts = self.worker.hosts
        status = hosts.status(self.host or hosts.current)
        nobody = all(each.state == "down" for each in hosts.all())
        coming = totals(self.worker.pulls.all())
        return TopLine(
            screen=self.title or "",
            host="" if nobody else status.shown,
            unverified=status.unverified,
            host_state=status.state,
            model=self.model,
            pulls_active=coming.running,
            pulls_fraction=coming.fraction,
            pulls_left=coming.seconds_left,
            vram=status.vram,
            vram_total=None if status.is_fixed else self.worker.memory.vram(status.name) or None,
        )
