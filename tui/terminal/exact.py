"""Frames with no more in them than what changed.

Textual crops what it paints to the right end of a change, but begins at the left edge of the
widget: for a number at the end of a row it sends the row. And it sends the spaces that fill a row,
which a terminal makes itself when it is told to erase the rest. Its compositor is private, and the
only place where frames are made.
"""

import os
from collections.abc import Mapping

from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.strip import Strip

_ERASE = "\x1b[K"
_WORTH = 10
"""Spaces that are longer than the sequence which erases the rest of the row."""


def erases_in_colour(environment: Mapping[str, str]) -> bool:
    """Whether erased cells get the background that is set: GNU screen gives them its own."""
    in_screen = "STY" in environment or environment.get("TERM", "").startswith("screen")
    return not in_screen or bool(environment.get("TMUX"))


class _ExactUpdate(ChopsUpdate):
    """Stretches of lines, each sent from its first cell to its last."""

    width = 0
    """Cells of the screen; 0 where nothing is to be erased."""

    def render_segments(self, console: Console) -> str:
        sent: list[str] = []
        for y, start, end in self.spans:
            for stop, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(x, start), min(stop, end)
                if strip is not None and left < right:
                    sent.append(Control.move_to(left, y).segment.text)
                    part = strip.crop(left - x, right - x)
                    sent.append(
                        _ended(part, console) if right == self.width else _whole(part, console)
                    )
        return "".join(sent)


class _WholeUpdate(LayoutUpdate):
    """The screen, each row to its last letter."""

    def render_segments(self, console: Console) -> str:
        sent: list[str] = []
        for y, strips in enumerate(self.strips, self.region.y):
            *before, last = strips
            sent.append(Control.move_to(self.region.x, y).segment.text)
            sent += [_whole(strip, console) for strip in before]
            sent.append(_ended(last, console))
        return "".join(sent)


class ExactCompositor(Compositor):
    """Sends the cells that are to be painted anew and no others."""

    def __init__(self) -> None:
        super().__init__()
        self._erases = erases_in_colour(os.environ)

    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        if update is None:
            return None
        exact = _ExactUpdate(update.chops, update.spans, update.chop_ends)
        exact.width = self.size.width if self._erases else 0
        return exact

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        update = super().render_full_update(simplify)
        return _WholeUpdate(update.strips, update.region) if self._erases else update


def _whole(strip: Strip, console: Console) -> str:
    return strip.render(console)


def _ended(strip: Strip, console: Console) -> str:
    """A strip that reaches the right edge, with the spaces at its end erased instead."""
    *before, last = strip
    said = last.text.rstrip(" ")
    style = last.style
    if len(last.text) - len(said) < _WORTH or (style is not None and not _is_plain(style)):
        return strip.render(console)
    ground = Style(bgcolor=style.bgcolor) if style is not None else Style.null()
    colours = console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001 - as `Strip.render`
    written = Strip([*before, Segment(said, style)]) if said or before else Strip([])
    return written.render(console) + ground.render(_ERASE, color_system=colours)


def _is_plain(style: Style) -> bool:
    """Whether spaces in this style show their background and nothing else."""
    return not (style.underline or style.reverse or style.strike or style.overline or style.link)
