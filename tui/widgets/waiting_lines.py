"""Messages that wait to be sent, and models that are to answer, above the prompt."""

import msgspec
from textual.content import Content
from textual.reactive import reactive

from tui.domain.language import _, many
from tui.widgets.glyphs import g
from tui.widgets.lines import NARROW, Lines, fit, line, muted, spread
from tui.widgets.plain import one_line
from tui.widgets.zone import Zone

_MOST = 3
"""Lines at most."""
_BEGINNING = 400


class Waiters(msgspec.Struct, frozen=True):
    """What waits, and for what."""

    texts: tuple[str, ...] = ()
    running: bool = True
    """Whether an answer runs that they wait for; else it was cut short, and they stay."""
    models: tuple[str, ...] = ()
    """Who is to answer the same question next."""


def waiting_lines(waiters: Waiters, width: int) -> Lines:
    """One line a message; the last of them says how many more there are."""
    texts = waiters.texts
    most = _MOST - bool(waiters.models)
    shown = texts if len(texts) <= most else texts[: most - 1]
    rows = [_row(number, text, waiters.running) for number, text in enumerate(shown, 1)]
    if more := len(texts) - len(shown):
        said = many("{n} more", "{n} more", more).format(n=more)
        rows.append(muted(f" {g.queued} {said}"))
    keys = muted(_("w send, edit, remove") + " ")
    if rows and width >= NARROW:
        rows[0] = spread(rows[0], keys, width)
    if waiters.models:
        names = muted(f" {g.queued} " + _("queued: {names}").format(names=_names(waiters.models)))
        rows.insert(0, names)
    return [fit(row, width) for row in rows]


def _names(models: tuple[str, ...]) -> str:
    return one_line(", ".join(models))


def _row(number: int, text: str, running: bool) -> Content:
    if running:
        label = muted(f" {g.queued} " + _("{n} waiting:").format(n=number))
    else:
        label = line((f" {g.paused} " + _("{n} not sent:").format(n=number), "$warning"))
    return line(label, " ", muted(one_line(text[:_BEGINNING].strip())))


class WaitingLines(Zone):
    """As high as what it says; nothing where nothing waits."""

    value: reactive[Waiters] = reactive(Waiters(), layout=True)

    def draw(self, width: int, height: int) -> Lines:
        return waiting_lines(self.value, width)
