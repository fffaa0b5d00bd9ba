"""What the connection doctor found, as a page to read."""

from collections.abc import Sequence
from itertools import groupby

from textual.reactive import reactive

from tui.domain.checkup import Finding, State
from tui.domain.language import _
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, indent, line, muted, strong
from tui.widgets.plain import visible
from tui.widgets.sheet import Sheet
from tui.widgets.wrap import wrap

_AIR, _NAME, _LEAST = 3, 16, 24

_LOOK: dict[State, tuple[str, str]] = {
    "good": (g.done, "$success"),
    "bad": (g.failed, "$error"),
    "unknown": (g.queued, "$muted"),
}


class FindingsSheet(Sheet):
    """Findings by what they belong to; causes and commands stand below what is bad."""

    findings: reactive[Sequence[Finding]] = reactive[Sequence[Finding]]((), repaint=False)
    looking: reactive[bool] = reactive(default=True, repaint=False)

    def watch_findings(self) -> None:
        self.redraw()

    def watch_looking(self) -> None:
        self.redraw()

    def draw(self, width: int) -> Lines:
        rows: Lines = []
        for part, findings in groupby(self.findings, lambda finding: finding.part):
            rows += [line(), strong(visible(part))]
            rows += [row for finding in findings for row in _rows(finding, width - 2 * _AIR)]
        if self.looking:
            rows += [line(), muted(_("looking {more}").format(more=g.more))]
        return indent(rows, _AIR)


def _rows(finding: Finding, width: int) -> Lines:
    """The finding, beside its name or, where that is too narrow, below it."""
    glyph = line(_LOOK[finding.state], " ")
    said = visible(finding.said)
    beside = width - _NAME - 2 >= _LEAST
    left = _NAME + 2 if beside else 2
    texts = [line((said, "$error" if finding.state == "bad" else "$foreground"))] if said else []
    if finding.cause:
        texts.append(muted(visible(finding.cause)))
    if finding.mend:
        texts.append(line((visible(finding.mend), "$accent")))
    body = [row for text in texts for row in wrap(text, max(width - left, 1))]
    name = fit(muted(finding.name), _NAME) if beside else muted(finding.name)
    if beside and body:
        return [line(glyph, name, body[0]), *indent(body[1:], left)]
    return [line(glyph, name), *indent(body, left)]
