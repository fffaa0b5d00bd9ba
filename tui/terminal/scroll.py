"""Lines moved by the terminal itself: on a slow line a new line costs a line, not a screen.

Textual repaints a whole widget for one line of scrolling: 4 to 8 kB. A terminal can move the rows
of a region with a few bytes, after which only what is new needs paint. What is private here, and
why: the driver, since only the raw terminal can do this and a frame has no room for it; and the
hand-over of what is to be painted, since the move has to go out right before its own frame.
"""

import sys
from collections.abc import Collection
from typing import Self

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class TerminalScrolled(Widget):
    """A widget whose rows the terminal may move, while they fill its width and nothing is above.

    Between a move and the frame that belongs to it nothing else may be moved: the rows of the
    screen and those that wait for paint would no longer be the same.
    """

    _move = 0
    _unpainted = True

    def move_rows(self, by: int) -> bool:
        """Have the terminal move all rows up, or down if negative; False where it may not."""
        if self._unpainted or not self.may_move():
            return False
        self._move = by
        return True

    def may_move(self) -> bool:
        """Whether the terminal can move these rows and no others."""
        screen, region = self.screen, self.region
        alone = screen is self.app.screen and not screen.query("Toast")
        fills = region.x == 0 and region.width == self.app.size.width and region.bottom > 0
        known = not self.app.is_headless and not self.app.is_inline and sys.platform != "win32"
        return alone and fills and known

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        self._unpainted = True
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _exchange_repaint_regions(self) -> Collection[Region]:
        """What is to be painted is asked for right before it is."""
        self._write_move()
        self._unpainted = False
        return super()._exchange_repaint_regions()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows as they are now: Textual keeps lines by row, which is wrong once rows move."""
        # A frame of someone else may come first, and paint over all: it must find rows moved.
        self._write_move()
        strips = [self.render_line(y).crop(*crop.column_span) for y in crop.line_range]
        background = self.background_colors[1]
        for each in self.get_line_filters():
            strips = [strip.apply_filter(each, background) for strip in strips]
        return strips

    def _write_move(self) -> None:
        by, self._move = self._move, 0
        driver = self.app._driver  # noqa: SLF001 - see above
        if by and driver is not None:
            driver.write(_sequence(self.region, by))


def _sequence(region: Region, by: int) -> str:
    """Index at the bottom of a scrolling region, or reverse index at its top.

    Not `CSI S`: several terminals know it badly. The last sequence sets the cursor home, but a
    frame always says where it writes.
    """
    top, bottom = region.y + 1, region.bottom
    steps = f"\x1b[{bottom};1H" + "\x1bD" * by if by > 0 else f"\x1b[{top};1H" + "\x1bM" * -by
    return f"\x1b[0m\x1b[{top};{bottom}r{steps}\x1b[r"
