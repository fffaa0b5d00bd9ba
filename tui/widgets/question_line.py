"""What was asked, in one line."""

from textual.reactive import reactive

from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, line
from tui.widgets.plain import one_line
from tui.widgets.zone import Zone

_BEGINNING = 400
"""Characters that are looked at; more never fits."""


class QuestionLine(Zone):
    """The beginning of a question, behind its bar."""

    text: reactive[str] = reactive("")

    def draw(self, width: int, height: int) -> Lines:
        said = one_line(self.text[:_BEGINNING].strip())
        return [fit(line(" ", (f"{g.question} ", "$accent"), (said, "bold $strong")), width)]
