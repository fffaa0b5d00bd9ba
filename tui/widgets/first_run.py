"""The page that stands where no conversation can: what was tried, and what can be done."""

from typing import NamedTuple

from textual.content import Content
from textual.reactive import reactive

from tui.domain.language import _
from tui.domain.status import Trial
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, indent, line, muted, picked, strong
from tui.widgets.wrap import wrap
from tui.widgets.zone import Zone

_WIDTH = 88
_SMALL = 70
_LOW = 16
_WHAT, _RESULT, _LABEL = 26, 14, 28


class Choice(NamedTuple):
    """Something the user can do about it."""

    key: str
    label: str
    why: str = ""


class Situation(NamedTuple):
    """What the page says."""

    title: str = ""
    trials: tuple[Trial, ...] = ()
    choices: tuple[Choice, ...] = ()
    notes: tuple[str, ...] = ()


class FirstRun(Zone, can_focus=True):
    """A title, what was tried, what to do now, and a note or two."""

    situation: reactive[Situation] = reactive(Situation())
    cursor: reactive[int] = reactive(0)
    """Which of the choices enter takes."""

    def draw(self, width: int, height: int) -> Lines:
        said = self.situation
        room = min(width - 6, _WIDTH)
        rows = [strong(said.title), line()]
        if said.trials:
            rows += [muted(_("Tried")), *(_tried(each, width) for each in said.trials), line()]
        if said.choices:
            rows.append(muted(_("What now?")))
            rows += [self._choice(number, each, room) for number, each in enumerate(said.choices)]
        for note in said.notes:
            rows += [line(), *(row for part in note.split("\n") for row in wrap(muted(part), room))]
        if height < _LOW:
            rows = [row for row in rows if row.plain.strip()]
        above = max((height - len(rows)) * 2 // 5, 0)
        return [line()] * above + indent(rows, max((width - _WIDTH) // 2, 3))

    def _choice(self, number: int, choice: Choice, room: int) -> Content:
        here = number == self.cursor
        label = (f"{choice.label:<{_LABEL}}", "bold $strong" if here else "$foreground")
        row = line((f"  {choice.key} ", "bold $accent"), label)
        if room >= _SMALL:
            row = line(row, (choice.why, "$muted"))
        return picked(row, room) if here else row


def _tried(trial: Trial, width: int) -> Content:
    mark, style = {
        "good": (g.done, "$success"),
        "bad": (g.failed, "$error"),
        "neither": (g.queued, "$muted"),
    }[trial.outcome]
    small = width < _SMALL
    row = line((f"  {mark} ", style), f"{trial.what:<{_WHAT}} ")
    if small:
        return line(row, (trial.result, "$muted"))
    return line(row, f"{trial.result:<{_RESULT}}", (trial.why, "$muted"))
