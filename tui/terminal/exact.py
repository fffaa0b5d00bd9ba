"""Frames with no more in them than what changed.

Textual crops what it paints to the right end of a change, but begins at the left edge of the
widget: for a number at the end of a row it sends the row. Its compositor is private, and the only
place where frames are made.
"""

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor


class _ExactUpdate(ChopsUpdate):
    """Stretches of lines, each sent from its first cell to its last."""

    def render_segments(self, console: Console) -> str:
        sent: list[str] = []
        for y, start, end in self.spans:
            for stop, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(x, start), min(stop, end)
                if strip is not None and left < right:
                    sent.append(Control.move_to(left, y).segment.text)
                    sent.append(strip.crop(left - x, right - x).render(console))
        return "".join(sent)


class ExactCompositor(Compositor):
    """Sends the cells that are to be painted anew and no others."""

    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return update and _ExactUpdate(update.chops, update.spans, update.chop_ends)
