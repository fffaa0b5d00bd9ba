"""A Modelfile in colours: its commands, their names, its quoted texts."""

from textual.content import Content

from tui.domain.modelfile import COMMANDS
from tui.widgets.lines import Lines, line
from tui.widgets.plain import visible

_QUOTE = '"""'
_KEYED = ("PARAMETER", "MESSAGE")


def modelfile_lines(text: str) -> Lines:
    """Every line of the text, coloured."""
    drawn: Lines = []
    inside = False
    for row in visible(text.expandtabs(4)).split("\n"):
        drawn.append(line((row, "$code-string")) if inside else _row(row))
        if row.count(_QUOTE) % 2:
            inside = not inside
    return drawn


def _row(row: str) -> Content:
    """A line outside of quotes."""
    if row.lstrip().startswith("#"):
        return line((row, "$muted"))
    command, space, value = row.partition(" ")
    if command.upper() not in COMMANDS:
        return line((row, "$foreground"))
    head = line((command, "bold $accent"), space)
    if command.upper() in _KEYED:
        key, space, value = value.partition(" ")
        head = line(head, (key, "$code-name"), space)
    return line(head, (value, _style(value)))


def _style(value: str) -> str:
    if value.startswith('"'):
        return "$code-string"
    number = value.replace(".", "", 1).lstrip("-").isdecimal()
    return "$code-number" if number else "$foreground"
