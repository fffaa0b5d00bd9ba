"""The first line of every screen: where you are, and what serves you."""

from typing import Literal, NamedTuple

from textual.content import Content
from textual.reactive import reactive

from tui.domain.language import _
from tui.domain.units import clock, percent, progress, size
from tui.widgets.glyphs import g
from tui.widgets.lines import NARROW, WIDE, Lines, Part, dots, fit, gauge, line, muted
from tui.widgets.zone import Zone

SCREENS = (_("Chats"), _("Models"), _("Downloads"), _("Hosts"))

_GAUGE = 8
_NEARLY_FULL = 0.9


class TopLine(NamedTuple):
    """What the top bar says."""

    screen: str = ""
    """The name of the screen shown."""
    host: str = ""
    """The host in use; empty when no server answers."""
    unverified: bool = False
    """Whether its certificate is not checked."""
    host_state: Literal["connecting", "up", "down"] = "connecting"
    model: str = ""
    pulls_active: int = 0
    pulls_fraction: float = 0.0
    pulls_left: float | None = None
    """Seconds until all are done, where that is known."""
    vram: int = 0
    """Bytes that loaded models take."""
    vram_total: int | None = None
    """Bytes there are; None where nobody told."""


class TopBar(Zone):
    """Screens at the left; from the right VRAM, model, host with its state, pulls."""

    value: reactive[TopLine] = reactive(TopLine(), repaint=False)

    def watch_value(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> Lines:
        value = self.value
        if width < NARROW:
            return [_narrow(value, width)]
        for screens, right in self._choices(width):
            if screens.cell_length + right.cell_length + 3 <= width:
                return [_ends(screens, right, width)]
        screens = _screens(value.screen)
        return [_ends(screens, fit(right, width - screens.cell_length - 3), width)]

    def _choices(self, width: int) -> list[tuple[Content, Content]]:
        """From the most told to the least: what is too long for the line gives way.

        In a wide bar memory does so before the names of other screens, else their names, then
        their numbers.
        """
        value = self.value
        every, numbers, one = (
            _screens(value.screen, others) for others in ("names", "numbers", "")
        )
        timed = _right(value, _memory(value, drawn=True), timed=True)
        gauged = _right(value, _memory(value, drawn=True))
        words = _right(value, _memory(value, drawn=False))
        least = _right(value, line())
        wide = (
            [(every, timed), (every, gauged), (every, words), (every, least)]
            if width >= WIDE
            else []
        )
        told = _right(value, _memory(value, drawn=False), timed=True)
        lefts, rights = (every, numbers, one), (told, words, least)
        return [*wide, *((left, right) for right in rights for left in lefts)]


def _ends(left: Content, right: Content, width: int) -> Content:
    """Left and right end of the line, one column of air at the right; the left one gives way."""
    if not right.plain:
        return fit(left, width)
    return line(fit(left, max(width - right.cell_length - 1, 0)), right, " ")


def _right(value: TopLine, memory: Content, *, timed: bool = False) -> Content:
    parts = [_pulls(value, timed=timed), line(_host(value), *_model(value)), memory]
    return line("   ").join([part for part in parts if part.plain])


def _narrow(value: TopLine, width: int) -> Content:
    """The screen, the host and its model; beside pulls the model gives way where it is too long."""
    screen, pulls = _screens(value.screen), _pulls(value)
    least = line(screen, "   " if screen.plain else " ", _host(value))
    whole = line(least, *_model(value))
    if not pulls.plain:
        return _ends(whole, pulls, width)
    for left, right in ((whole, _pulls(value, timed=True)), (whole, pulls)):
        if left.cell_length + right.cell_length + 3 <= width:
            return _ends(left, right, width)
    return _ends(least, pulls, width)


def _screens(active: str, others: str = "") -> Content:
    """The active screen, and the `names` or the `numbers` of the others."""
    parts: list[Part] = [" "]
    for number, name in enumerate(SCREENS, 1):
        if name == active:
            parts += [(f"{number} ", "$accent"), (name, "bold $accent"), "   "]
        elif others:
            parts += [(f"{number} {name}" if others == "names" else str(number), "$muted"), "   "]
    return line(*parts).rstrip()


def _host(value: TopLine) -> Content:
    if not value.host:
        return line((f"{g.down} ", "$error"), _("no server"))
    if value.host_state == "up":
        risk: list[Part] = [" ", (_("unverified"), "$warning")] if value.unverified else []
        return line((f"{g.up} ", "$success"), value.host, *risk)
    style, word = (
        ("$error", _("down")) if value.host_state == "down" else ("$muted", _("connecting"))
    )
    return line((f"{g.down} ", style), value.host, (f" {word}", style))


def _model(value: TopLine) -> list[Part]:
    return ["   ", (value.model, "bold $strong")] if value.model and value.host else []


def _pulls(value: TopLine, *, timed: bool = False) -> Content:
    if not value.pulls_active:
        return line()
    said = [str(value.pulls_active), percent(value.pulls_fraction)]
    if timed and value.pulls_left is not None:
        said.append(clock(value.pulls_left))
    return muted(f"{g.active} " + dots(*said))


def _memory(value: TopLine, *, drawn: bool) -> Content:
    if value.vram_total is None or not value.host:
        return line(("VRAM ", "$muted"), size(value.vram)) if value.vram else line()
    share = value.vram / value.vram_total if value.vram_total else 0.0
    style = "$warning" if share >= _NEARLY_FULL else "$muted"
    bar: list[Part] = [gauge(share, _GAUGE, style), " "] if drawn else []
    amount = progress(value.vram, value.vram_total)
    return line(("VRAM ", "$muted"), *bar, (amount, "$warning") if style == "$warning" else amount)
