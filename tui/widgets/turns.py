"""How one message is drawn: pure functions from values to lines."""

from datetime import datetime

import msgspec
from rich.cells import cell_len
from textual.content import Content

from tui.domain.language import _, many
from tui.domain.session import Message
from tui.domain.units import size
from tui.widgets.entry import Entry, Live, phase_words
from tui.widgets.facts import moment, span, stats
from tui.widgets.glyphs import g
from tui.widgets.lines import (
    PROSE,
    Lines,
    Part,
    dots,
    fit,
    indent,
    labelled,
    line,
    muted,
    spread,
)
from tui.widgets.plain import one_line, untabbed, visible
from tui.widgets.wrap import wrap

GUTTER = 3
"""Columns left of all text: air, the mark, air."""
_LEAST = 10
_LONG, _MANY = 4000, 40
"""Characters, and line ends, from which a question is folded."""
_SHORT = 12
"""Lines that are left of it then."""
_BEGINNING = 400
"""Characters of folded text that are looked at; more never fits."""


class Look(msgspec.Struct, frozen=True):
    """Everything but the message that its lines depend on."""

    window: int
    """Cells from side to side."""
    airy: bool = True
    """Whether a blank line stands between question and answer."""
    chosen: bool = False
    unfolded: bool = False
    verbose: bool = False
    """Whether counts and times stand below the answer."""
    across: int | None = None
    """From which column on lines of code are seen that run on; None where they wrap."""
    plain: bool = False
    """Whether what still grows is shown as it was written: the line to the terminal is slow."""
    typing: bool = False
    """Whether keys go to the prompt, so that esc comes before those of browsing."""
    unseen: tuple[int, int] = (0, 0)
    """How many messages above its answer did not see, and the context that was full."""

    @property
    def width(self) -> int:
        """Cells for prose."""
        return max(min(self.window - GUTTER - 2, PROSE), _LEAST)

    @property
    def full(self) -> int:
        """Cells for what may be wider than prose."""
        return max(self.window - GUTTER - 1, self.width)


def question(message: Message, look: Look) -> Lines:
    """The user's words behind a bar, their time at the right edge of the prose."""
    when = moment(message.created_at)
    width = max(look.width - cell_len(when) - 3, _LEAST)
    is_cut = is_long(message.content) and not look.unfolded
    words = _beginning(message.content) if is_cut else message.content
    rows = wrap(line((untabbed(visible(words)).rstrip(), "bold $strong")), width)
    if is_cut:
        rows = [*rows[:_SHORT], fit(muted(f"{g.here} {_all_of(message.content)}"), width)]
    bar = line(" ", (f"{g.question} ", "$accent"))
    first = line(" ", (f"{g.here} ", "$accent")) if look.chosen else bar
    head = spread(line(first, rows[0]), muted(when), look.width + GUTTER)
    lines = [*unseen_rule(look), Content(""), head, *(line(bar, row) for row in rows[1:])]
    return lines + [fit(line(bar, muted(each)), look.width + GUTTER) for each in carried(message)]


def is_long(text: str) -> bool:
    """Whether a question is folded: a file went with it, or a paste."""
    return len(text) > _LONG or text.count("\n") > _MANY


def _beginning(text: str) -> str:
    return "\n".join(text[:_LONG].split("\n", _SHORT)[:_SHORT])


def _all_of(text: str) -> str:
    count = text.count("\n") + 1
    lines = many("{n} line", "{n} lines", count).format(n=f"{count:,}")
    said = _("{lines}, {size} in all: t unfolds")
    return said.format(lines=lines, size=size(len(text.encode(errors="replace"))))


def carried(message: Message) -> list[str]:
    """One line for each file that a message carries."""
    known = [message.attached.get(key) for key in message.attachments]
    said = _("image {name}, {size}")
    return [
        said.format(name=one_line(each.name), size=size(each.size)) if each else _("image")
        for each in known
    ]


def unseen_rule(look: Look) -> Lines:
    """A rule below which the model's sight began."""
    count, context = look.unseen
    if not count:
        return []
    what = many("{n} older message was not seen", "{n} older messages were not seen", count)
    why = _("the context of {size} was full") if context else _("the context was full")
    said = f"{what.format(n=count)}: {why.format(size=f'{context:,}')}"
    row = (
        fit(labelled(said, look.width), look.width) if cell_len(said) < look.width else muted(said)
    )
    return [Content(""), *indent(wrap(row, look.width), GUTTER)]


def notice(message: Message, look: Look) -> Lines:
    """What neither of the two said: the system's words, a tool's result; folded when long."""
    name = _("system") if message.role == "system" else _("result")
    first, *others = folded(name, message.content, look)
    if look.chosen:
        first = line((f" {g.here} ", "$accent"), first[GUTTER:])
    space = [Content("")] if message.role == "system" else []
    return [*space, first, *others]


def head(entry: Entry, look: Look) -> Lines:
    """Who answers, which alternative this is, and what it took."""
    message, (number, count) = entry.message, entry.place
    mark = (f" {g.here} ", "$accent") if look.chosen else " " * GUTTER
    name = (
        one_line(entry.answerer) or _("answer"),
        "bold $accent" if look.chosen else "bold $muted",
    )
    sibling: Part = (f"  {g.left}{number}/{count}{g.right}", "$accent") if count > 1 else ""
    facts = stats(message.stats, look.window) if message.stats and not entry.live else ""
    row = spread(line(mark, name, sibling), muted(facts), look.width + GUTTER)
    return [*([Content("")] if look.airy else []), row.rstrip(" ")]


def written(message: Message, *, whole: bool) -> str:
    """The markdown of an answer; JSON is code, and has a line for each value once it is whole."""
    if message.form != "json" or not message.content.strip():
        return message.content
    from tui.domain.formats import pretty

    return f"````json\n{pretty(message.content) if whole else message.content}\n````"


def thoughts(entry: Entry, look: Look, now: datetime) -> Lines:
    """Thinking, folded into its beginning."""
    live = entry.live
    if live and live.phase == "thinking":
        name = " ".join((_("thinking"), _("{n} s").format(n=live.seconds(now))))
    else:
        name = " ".join(filter(None, (_("thought"), span(entry.thought))))
    return folded(name, entry.message.thinking, look)


def folded(name: str, text: str, look: Look) -> Lines:
    """One muted line: what it is and how it begins; all of it when unfolded."""
    if look.unfolded:
        return [*_line(f"{g.here} {name}", look), *(quiet(text, look) if text else ())]
    return _line(f"{g.here} {dots(name, one_line(text[:_BEGINNING]))}", look)


def _line(text: str, look: Look) -> Lines:
    return indent([fit(muted(text), look.width).rstrip(" ")], GUTTER)


def quiet(text: str, look: Look) -> Lines:
    """Muted text, two columns further in."""
    rows = wrap(muted(untabbed(visible(text)).strip("\n")), look.width - 2)
    return [row if not row.plain else line(" " * (GUTTER + 2), row) for row in rows]


def waiting(live: Live, look: Look, now: datetime) -> Lines:
    """What happens while no word has come: one muted line with its seconds."""
    words, about = phase_words(live.phase, live.detail)
    seconds = _("{n} s").format(n=live.seconds(now))
    before: list[Part] = [(f"{g.queued} {words} ", "$muted")]
    if about:
        before += [(one_line(about), "$foreground"), " "]
    row = line(*before, (seconds, "$muted"))
    note = muted(f", {one_line(live.note)}" if live.note else "")
    row = row + note if row.cell_length + note.cell_length <= look.width else row
    return indent([fit(row, look.width).rstrip(" ")], GUTTER)


def cornered(content: Content, below: str, width: int) -> Content:
    """The last line of a window that was scrolled up: it ends in how much lies below."""
    corner = line("  ", (dots(below, _("G follows")), "$accent"), " ")
    return line(fit(content, max(width - corner.cell_length, 0)), corner)
