"""A Modelfile in colours: its commands, their names, its quoted texts."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from tui.domain.modelfile import COMMANDS
from tui.widgets.lines import Lines, line
from tui.widgets.plain import visible

_QUOTE = '"""'
_KEYED = ("PARAMETER", "MESSAGE")

Role = Literal["comment", "command", "name", "string", "number", "text"]
STYLES: dict[Role, str] = {
    "comment": "$muted",
    "command": "bold $accent",
    "name": "$code-name",
    "string": "$code-string",
    "number": "$code-number",
    "text": "$foreground",
}


class Piece(NamedTuple):
    """A part of a line, and what it is."""

    text: str
    role: Role


def modelfile_lines(text: str) -> Lines:
    """Every line of the text, coloured."""
    rows = visible(text.expandtabs(4)).split("\n")
    return [line(*((each.text, STYLES[each.role]) for each in row)) for row in pieces(rows)]


def pieces(rows: Iterable[str]) -> Iterator[list[Piece]]:
    """What each line is made of."""
    inside = False
    for row in rows:
        yield [Piece(row, "string")] if inside else [each for each in _row(row) if each.text]
        if row.count(_QUOTE) % 2:
            inside = not inside


def _row(row: str) -> Iterator[Piece]:
    """A line outside of quotes."""
    command, space, value = row.partition(" ")
    if row.lstrip().startswith("#"):
        yield Piece(row, "comment")
    elif command.upper() not in COMMANDS:
        yield Piece(row, "text")
    else:
        yield Piece(command + space, "command")
        if command.upper() in _KEYED:
            name, space, value = value.partition(" ")
            yield Piece(name + space, "name")
        yield Piece(value, _role(value))


def _role(value: str) -> Role:
    if value.startswith('"'):
        return "string"
    return "number" if value.replace(".", "", 1).lstrip("-").isdecimal() else "text"
