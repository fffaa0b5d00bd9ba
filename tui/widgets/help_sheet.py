"""Every key, in as many columns as there is room for."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.cells import cell_len
from textual.reactive import reactive

from tui.domain.language import _
from tui.widgets.key_bar import Hint
from tui.widgets.lines import Lines, fit, line, muted
from tui.widgets.sheet import Sheet
from tui.widgets.wrap import wrap

_COLUMN, _MOST = 38, 3
_KEY, _LONGEST = 12, 16
"""The least and the most cells of the keys, with a space behind them."""


class HelpSection(NamedTuple):
    """Keys that work in one place, or other words that need explaining."""

    title: str
    hints: Sequence[Hint]


class HelpSheet(Sheet):
    """Sections of keys, those left out that do not hold the query."""

    sections: reactive[Sequence[HelpSection]] = reactive[Sequence[HelpSection]]((), repaint=False)
    wanted: reactive[str] = reactive("", repaint=False)

    def watch_sections(self) -> None:
        self.redraw()

    def watch_wanted(self) -> None:
        self.to_top()
        self.redraw()

    def draw(self, width: int) -> Lines:
        sections = _found(self.sections, self.wanted.strip().lower())
        if not sections:
            text = _('Nothing matches "{query}". esc clears.').format(query=self.wanted.strip())
            return [line(), muted(f"   {text}")]
        count = max(1, min(_MOST, width // _COLUMN))
        size = (width - 1) // count
        rows = zip_longest(*_columns(sections, count, size), fillvalue=line())
        return [line(" ", *(fit(part, size) for part in row)) for row in rows]


def _found(sections: Sequence[HelpSection], query: str) -> list[HelpSection]:
    """The sections with the hints that hold the query; a title that does keeps all of its own."""
    found = []
    for title, hints in sections:
        kept = [hint for hint in hints if query in f"{title} {hint.key} {hint.label}".lower()]
        if kept:
            found.append(HelpSection(title, kept))
    return found


def _columns(sections: Sequence[HelpSection], count: int, width: int) -> list[Lines]:
    """Whole sections from column to column, all columns about as high."""
    blocks = [_block(section, width) for section in sections]
    share = sum(map(len, blocks)) / count
    columns: list[Lines] = [[] for _column in range(count)]
    at = 0
    for block in blocks:
        if columns[at] and len(columns[at]) + len(block) / 2 > share and at < count - 1:
            at += 1
        columns[at] += block
    return columns


def _block(section: HelpSection, width: int) -> Lines:
    longest = max(cell_len(hint.key) for hint in section.hints)
    size = max(_KEY, min(longest + 1, _LONGEST))
    rows = [row for hint in section.hints for row in _hint(hint, size, width - 1)]
    return [line(), line((section.title, "bold $accent")), *rows]


def _hint(hint: Hint, size: int, width: int) -> Lines:
    keys = wrap(line((hint.key, "bold $strong")), size - 1)
    labels = wrap(line(hint.label), max(width - size, 8))
    pairs = zip_longest(keys, labels, fillvalue=line())
    return [line(fit(key, size), label) for key, label in pairs]
