"""The rule above the prompt: what the answer is doing, how full the context is, what was set."""

from datetime import datetime

import msgspec
from msgspec.structs import replace
from textual.content import Content
from textual.events import Resize
from textual.reactive import var
from textual.timer import Timer

from tui.domain import clock
from tui.domain.language import _
from tui.domain.replies import Phase
from tui.domain.units import tokens
from tui.widgets.canvas import Canvas, Row
from tui.widgets.entry import Live, phase_words
from tui.widgets.facts import rate_words
from tui.widgets.glyphs import g
from tui.widgets.lines import NARROW, WIDE, fit, gauge, line, muted, ruled
from tui.widgets.plain import one_line

_FULL = 0.9
"""From this share on the gauge warns."""
_LEAST_LEFT = 8
_SHORT = {
    "temperature": "t",
    "num_ctx": "ctx",
    "num_predict": "max",
    "repeat_penalty": "rep",
    "top_k": "k",
    "top_p": "p",
}


class StatusLine(msgspec.Struct, frozen=True):
    """What the rule says. A count of 0 is one nobody told."""

    phase: Phase | None = None
    """None while nothing runs."""
    since: datetime | None = None
    detail: str = ""
    tokens_per_second: float = 0.0
    used: int = 0
    allocated: int = 0
    options: tuple[tuple[str, str], ...] = ()
    """Those that are not default."""
    warning: str = ""
    """What is wrong with the draft: takes the place of the phase."""
    consequence: str = ""
    """What comes of it, where there is room to say."""
    note: str = ""
    """What is special about the draft: said while nothing runs."""

    @property
    def share(self) -> float:
        """How full the context is."""
        return self.used / self.allocated if self.allocated else 0.0


class ChatStatus(Canvas):
    """Drawn anew when its value changes; what only counts up is told once a second."""

    value: var[StatusLine] = var(StatusLine())

    _clock: Timer | None = None

    def on_resize(self, event: Resize) -> None:
        self.rows = ()
        self._draw()

    def watch_value(self, before: StatusLine, value: StatusLine) -> None:
        if self._clock is None and value.phase and self.is_running:
            self._clock = self.set_interval(1, self._draw)
        elif self._clock is not None and value.phase is None:
            self._clock.stop()
            self._clock = None
        if self._clock is None or _but_counts(before) != _but_counts(value):
            self._draw()

    def _draw(self) -> None:
        if width := self.size.width:
            self.paint([Row(_said(self.value, width))])


def _but_counts(value: StatusLine) -> StatusLine:
    return replace(value, tokens_per_second=0.0, used=0)


def _said(value: StatusLine, width: int) -> Content:
    right = _context(value, width)
    room = width - right.cell_length - 7
    left = _warning(value, room) if value.warning else _phase(value, width)
    if left.cell_length > room:
        left = fit(left, max(room, _LEAST_LEFT)).rstrip()
    right = _with_short_name(right, room - left.cell_length, width)
    right = _with_options(right, value.options, room - left.cell_length, width)
    return _rule(left, right, width)


def _rule(left: Content, right: Content, width: int) -> Content:
    if left.plain and right.plain:
        return ruled(left, right, width)
    said, gap = left + right, "" if not (left.plain or right.plain) else " "
    rest = (g.rule * max(width - said.cell_length - 1 - 2 * len(gap), 0), "$rule")
    end = (g.rule, "$rule")
    return line(end, gap, left, gap, rest) if left.plain else line(rest, gap, right, gap, end)


def _phase(value: StatusLine, width: int) -> Content:
    if value.phase is None:
        return line((one_line(value.note), "$accent"))
    words, about = phase_words(value.phase, value.detail)
    seconds = Live(value.phase, value.since or clock.now()).seconds(clock.now())
    said = " ".join(filter(None, (words, one_line(about), _("{n} s").format(n=seconds))))
    if width < NARROW:
        return line((said, "$accent"))
    speaks = value.phase in ("thinking", "answering")
    rate = rate_words(value.tokens_per_second) if speaks else ""
    tail = muted(f" {g.dot} {rate}") if rate else line()
    return line((f"{g.up if speaks else g.queued} {said}", "$accent"), tail)


def _warning(value: StatusLine, room: int) -> Content:
    warning = line((one_line(value.warning), "$warning"))
    more = muted(f" {g.dot} {one_line(value.consequence)}") if value.consequence else line()
    return warning + more if warning.cell_length + more.cell_length < room else warning


def _context(value: StatusLine, width: int) -> Content:
    if not value.used and not value.allocated:
        return line()
    label = (_("context") + " ", "$muted") if width >= NARROW else ""
    if not value.allocated:
        return line(label, tokens(value.used))
    size = 12 if width >= WIDE else 8 if width >= NARROW else 6
    usual = "$accent" if value.phase else "$muted"
    colour = "$warning" if value.warning or value.share >= _FULL else usual
    counts = f" {tokens(value.used)}/{tokens(value.allocated)}"
    return line(label, gauge(value.share, size, colour), counts)


def _with_short_name(right: Content, room: int, width: int) -> Content:
    """What a narrow window counts, where there is room to say so."""
    name = muted(_("ctx") + " ")
    return name + right if width < NARROW and right.plain and name.cell_length <= room else right


def _with_options(
    right: Content, options: tuple[tuple[str, str], ...], room: int, width: int
) -> Content:
    """The options there is room for, never one cut in half; short names where it is tight."""
    if width < NARROW:
        return right
    separator = f"  {g.dot}  " if right.plain else ""
    for name, value in options:
        known = name if width >= WIDE else _SHORT.get(name, name)
        part = muted(f"{separator}{one_line(f'{known} {value}')}")
        room -= part.cell_length
        if room < 0:
            break
        right = right + part
        separator = f" {g.dot} "
    return right
