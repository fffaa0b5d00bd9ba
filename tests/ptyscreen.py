"""A terminal's screen rebuilt from what a program writes, and what a real terminal answers."""

import re

import pyte
from pyte.screens import Char

# What pyte does not know and would print or misread: it is removed before pyte sees it.
_UNKNOWN = re.compile(
    rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]"  # kitty keyboard, secondary device attributes
    rb"|\x1b\[\??[0-9;]*\$[a-z]"  # questions about modes
    rb"|\x1b\[[0-9;]*t"  # window operations
    rb"|\x1b\[\?[0-9;]*u"  # the question about the kitty keyboard
    rb"|\x1b\[[0-9;]* q"  # cursor shape
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, colours, links, clipboard
    rb"|\x1b[P_^X][^\x1b]*\x1b\\"  # device control, application, privacy strings
    rb"|\xe2\x80\x8d|\xef\xb8\x8f"  # joiners of emoji: it would leave out what follows them
)
_UNFINISHED = re.compile(
    rb"(?:\x1b(?:\[[0-9;:?<>=$ ]*|[\]P_^X][^\x07\x1b]*\x1b?)?|\xe2\x80?|\xef\xb8?)$"
)
_LONGEST = 4096
"""Bytes after which an unfinished sequence is no longer waited for."""
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])[0-9;]*u")
PLAIN = frozenset({7, 25})
"""Modes of a terminal in which no program runs: lines wrap and the cursor shows."""

_ANSWERS = tuple(
    (re.compile(question), answer)
    for question, answer in (
        (rb"\x1b\[0?c", b"\x1b[?62;22c"),
        (rb"\x1b\[>0?c", b"\x1b[>41;380;0c"),
        (rb"\x1b\[6n", b"\x1b[%(row)d;%(column)dR"),
        (rb"\x1b\[5n", b"\x1b[0n"),
        (rb"\x1b\[\?2026\$p", b"\x1b[?2026;2$y"),
        (rb"\x1b\[\?2027\$p", b"\x1b[?2027;0$y"),
        (rb"\x1b\[\?2031\$p", b"\x1b[?2031;0$y"),
        (rb"\x1b\[\?2048\$p", b"\x1b[?2048;0$y"),
        (rb"\x1b\[\?u", b"\x1b[?0u"),
        (rb"\x1b\[14t", b"\x1b[4;%(height)d;%(width)dt"),
        (rb"\x1b\[16t", b"\x1b[6;20;10t"),
        (rb"\x1b\[18t", b"\x1b[8;%(rows)d;%(columns)dt"),
        (rb"\x1b\]10;\?(?:\x07|\x1b\\)", b"\x1b]10;rgb:c0c0/c0c0/c0c0\x1b\\"),
        (rb"\x1b\]11;\?(?:\x07|\x1b\\)", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
    )
)


class Screen(pyte.Screen):
    """A pyte screen with a cached text per row (pyte's own `display` rebuilds every row)."""

    columns: int
    lines: int

    def __init__(self, columns: int, lines: int) -> None:
        self._rows: dict[int, str] = {}
        super().__init__(columns, lines)

    def row(self, y: int) -> str:
        if y in self.dirty or y not in self._rows:
            self.dirty.discard(y)
            line = self.buffer[y]
            self._rows[y] = "".join(line[x].data for x in range(self.columns))
        return self._rows[y]

    def text(self) -> str:
        return "\n".join(self.row(y).rstrip() for y in range(self.lines))

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        self._rows.clear()
        super().resize(lines, columns)
        self.dirty.update(range(self.lines))


def looks(cell: Char) -> Char:
    """A cell as it is seen: where nothing stands, the colour of letters does not show."""
    if cell.data != " " or cell.reverse or cell.underscore or cell.strikethrough:
        return cell
    return cell._replace(fg="default", bold=False)


class Display:
    """Takes a program's output; has the screen, the modes set, and the answers to its questions."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = Screen(columns, rows)
        self.modes = PLAIN
        """Private modes that are on: 1049 is the alternate screen, 1000 to 1006 the mouse."""
        self.kitty = 0
        """How many keyboard modes were pushed and not popped."""
        self._stream = pyte.ByteStream(self.screen)
        self._tail = b""

    def feed(self, data: bytes) -> bytes:
        """Draw what was written; the result is what the terminal says to it."""
        data = self._tail + data
        cut = _UNFINISHED.search(data)
        self._tail = b""
        if cut and len(data) - cut.start() < _LONGEST:
            data, self._tail = data[: cut.start()], data[cut.start() :]
        self._note_modes(data)
        questions = sorted(
            (match.end(), answer)
            for question, answer in _ANSWERS
            for match in question.finditer(data)
        )
        answers, begin = [], 0
        for end, answer in questions:
            self._draw(data[begin:end])
            answers.append(answer % self._facts())
            begin = end
        self._draw(data[begin:])
        return b"".join(answers)

    def _draw(self, data: bytes) -> None:
        self._stream.feed(_UNKNOWN.sub(b"", data))

    def _facts(self) -> dict[bytes, int]:
        """What the answers tell; a cell has 10 x 20 pixels."""
        screen = self.screen
        return {
            b"row": screen.cursor.y + 1,
            b"column": screen.cursor.x + 1,
            b"rows": screen.lines,
            b"columns": screen.columns,
            b"height": screen.lines * 20,
            b"width": screen.columns * 10,
        }

    def _note_modes(self, data: bytes) -> None:
        for match in _MODE.finditer(data):
            numbers = frozenset(int(number) for number in match[1].split(b";") if number)
            self.modes = self.modes | numbers if match[2] == b"h" else self.modes - numbers
        for match in _KITTY.finditer(data):
            self.kitty += 1 if match[1] == b">" else -1
