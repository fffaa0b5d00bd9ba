"""Frames no faster than the terminal shows them.

What is private of Textual here, and why: the app's way to the driver and the screen's own timer,
since nothing public can hold a frame back and keep what is to be in it; the table of sequences,
since the parser would type an answer it does not know; the writer's queue, since it holds up the
program when the line does; what a screen below another one has to paint, since Textual never comes
to an end with it. Textual drops nothing that waits for its next frame: widgets to paint, layouts
and callbacks all stay in sets of its own.
"""

import asyncio
import signal
import termios
import time
from typing import Any, Generic, NamedTuple, cast

from rich.console import RenderableType
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.dom import DOMNode
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen, ScreenResultType

from tui.terminal.exact import ExactCompositor
from tui.terminal.line import Line
from tui.terminal.typeahead import TypeAhead

_QUESTION, _ANSWER = "\x1b[5n", "\x1b[0n"
_LONGEST_GOODBYE = 0.8
"""Seconds that the last answers are waited for: the shell would get them as keys."""
_LOOK_AGAIN = 0.005
_MOST_WAITING = 8
"""Writes that the terminal may not have taken yet when a frame is made."""


class _Answered(NamedTuple):
    """What the parser wants of a key: its name, as the value of an Enum's member."""

    value: str = "<answered>"


cast("dict[str, Any]", ANSI_SEQUENCES_KEYS)[_ANSWER] = (_Answered(),)


class PacedDriver(LinuxDriver):
    """Asks at the end of each frame, and hears the answers among the keys."""

    _asking = False
    _written = 0
    """Bytes since the last question."""

    @property
    def line(self) -> Line:
        """What is known of the line to this terminal."""
        app = self._app
        return app.line if isinstance(app, PacedApp) else Line()

    @property
    def is_behind(self) -> bool:
        """Whether the terminal does not take what it is given."""
        thread = self._writer_thread
        return thread is not None and thread._queue.qsize() > _MOST_WAITING  # noqa: SLF001 - see above

    def write(self, data: str) -> None:
        self._written += len(data) if data.isascii() else len(data.encode(errors="replace"))
        super().write(data)

    def flush(self) -> None:
        """The end of a frame."""
        if not self._written:
            return
        if self._asking:
            self.write(_QUESTION)
        if self._asking or not self.line.asks:
            self.line.sent(self._written)
        self._written = 0

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.Key) and message.key == _Answered().value:
            self.line.answered()
            return
        if isinstance(message, events.Paste) and _ANSWER in message.text:
            self.line.answered()  # a terminal that is given a long paste answers in the midst of it
            message = events.Paste(message.text.replace(_ANSWER, ""))
        super().process_message(message)

    # --- beginning and end ---

    @property
    def _is_gone(self) -> bool:
        """Whether nobody is left who could answer."""
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return True
        return False

    def start_application_mode(self) -> None:
        self.line.reset()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # it has no types
        if self._writer_thread is not None:
            self._writer_thread._queue.maxsize = 0  # noqa: SLF001 - `is_behind` bounds it instead
        self._loop = asyncio.get_running_loop()
        signal.signal(signal.SIGWINCH, self._on_window_change)
        # Not before keys are read: the tty would echo the answer.
        self._asking = self.input_tty and self.line.asks
        self.flush()

    def _on_window_change(self, *_about: object) -> None:
        # The size is read in the loop. Textual reads it here, where one signal may come while
        # another is dealt with, and then tells the older size last.
        if not self._in_band_window_resize:
            self._loop.call_soon_threadsafe(self._tell_size)

    def _tell_size(self) -> None:
        size = Size(*self._get_terminal_size())
        self._app.post_message(events.Resize(size, size))
        # Also where the size is what it was: a window that was pulled about has lost lines.
        if self._app.screen_stack:
            self._app.screen.refresh()

    def stop_application_mode(self) -> None:
        if self.is_behind:
            self._drop_frames()
        super().stop_application_mode()

    def _drop_frames(self) -> None:
        """Nobody will see them, and what restores the terminal must not wait behind them."""
        queue = self._writer_thread._queue if self._writer_thread else None  # noqa: SLF001 - see above
        while queue is not None and not queue.empty():
            queue.get_nowait()
        if not self._is_gone:
            termios.tcflush(self.fileno, termios.TCOFLUSH)

    def disable_input(self) -> None:
        """Hear the last answers before the shell does."""
        self._asking = False
        end = time.monotonic() + (0.0 if self._is_gone else _LONGEST_GOODBYE)
        while self.line.patience() > 0 and time.monotonic() < end:
            time.sleep(_LOOK_AGAIN)
        super().disable_input()


class PacedApp(TypeAhead):
    """Draws as fast as its line allows, and never waits for it."""

    def __init__(self, line: Line | None = None, *, ansi_color: bool | None = None) -> None:
        self.line = line or Line()
        super().__init__(PacedDriver, ansi_color=ansi_color)

    @property
    def _is_behind(self) -> bool:
        return isinstance(self._driver, PacedDriver) and self._driver.is_behind

    def may_draw(self) -> bool:
        """Whether a frame for a key would be shown soon."""
        return not self._is_behind and self.line.room()

    def may_stream(self) -> bool:
        """Whether what only goes on may be drawn: all that was drawn before is shown."""
        return not self._is_behind and self.line.clear()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self._is_behind:  # screens of Textual's own are drawn whatever the line does
            screen.refresh()
        else:
            super()._display(screen, renderable)


class PacedScreen(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen whose frames wait until the line has room, and then have in them what changed."""

    _begun = _in_turn = _due_frame = False

    def __init__(
        self, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name, id, classes)
        self._compositor = ExactCompositor()

    def _on_timer_update(self) -> None:
        if not may_draw(self):
            return  # the timer goes on and asks again a sixtieth of a second later
        self._begun = self._in_turn = True
        super()._on_timer_update()
        self._in_turn = False
        if self._due_frame:
            self._due_frame = False
            super()._compositor_refresh()

    def _compositor_refresh(self) -> None:
        # A new layout is drawn at once, and what else is to be painted right after it: a frame
        # each, and often the whole screen. Together they are one. So are the layouts that a
        # screen goes through until its parts know their sizes.
        if self is not self.app.screen:
            self._show_through()
        elif self._in_turn or not (self._begun and may_draw(self)):
            self._due_frame = True
            self._update_timer.resume()
        else:
            super()._compositor_refresh()

    def _show_through(self) -> None:
        """Have what changed below a dialog painted by that; a page above hides all of it.

        Textual marks the lower screen to be painted whole again here, and so on without end.
        """
        top, regions = self.app.screen, [*self._compositor._dirty_regions]  # noqa: SLF001 - see above
        if regions and top.styles.background.a < 1:
            top.refresh(*regions)
        self._compositor._dirty_regions.clear()  # noqa: SLF001 - see above
        self._dirty_widgets.clear()


def may_draw(node: DOMNode) -> bool:
    """Whether a frame for a key would be shown soon."""
    app = node.app
    return not isinstance(app, PacedApp) or app.may_draw()


def may_stream(node: DOMNode) -> bool:
    """Whether what only goes on may be drawn."""
    app = node.app
    return not isinstance(app, PacedApp) or app.may_stream()


def line_to(node: DOMNode) -> Line:
    """What is known of the line to the terminal."""
    app = node.app
    return app.line if isinstance(app, PacedApp) else Line()
