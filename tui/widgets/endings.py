"""How an answer ended that did not end well, and what can be done then."""

from textual.content import Content

from tui.domain.language import _
from tui.domain.session import Message
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, Part, indent, line
from tui.widgets.plain import one_line
from tui.widgets.turns import GUTTER, Look
from tui.widgets.wrap import wrap

Key = tuple[str, str]


def ending(message: Message, look: Look) -> Lines:
    """How an answer ended that did not end well, and the keys that go on from there."""
    again: Key = ("r", _("regenerate"))
    go_on: list[Key] = [("c", _("continue"))] if message.resumable else []
    reason = one_line(message.error)
    match message.state:
        case "stopped":
            return _after(line((f"{g.paused} {_('stopped')}", "$muted")), [*go_on, again], look)
        case "interrupted":
            said = ": ".join(filter(None, (_("interrupted"), reason)))
            return _after(line((f"{g.failed} {said}", "$warning")), [*go_on, again], look)
        case "failed":
            said = ": ".join(filter(None, (_("failed"), reason)))
            keys = [("^O", _("other model")), ("r", _("again"))]
            return _after(line((f"{g.failed} {said}", "$error")), keys, look)
        case _:
            if message.done_reason != "length":
                return _misshapen(message, again, look)
            said = _("stopped: the answer reached its longest length")
            return _after(line((f"{g.paused} {said}", "$muted")), [*go_on, again], look)


def _misshapen(message: Message, again: Key, look: Look) -> Lines:
    """What is wrong with the form of a whole answer, if anything is."""
    if not message.fault:
        return []
    said = _("not in the form asked for: {fault}").format(fault=one_line(message.fault))
    return _after(line((f"{g.failed} {said}", "$warning")), [again], look)


def _after(said: Content, keys: list[Key], look: Look) -> Lines:
    offers = _offers(keys, look.typing)
    # With the longest form, so that nothing but the keys changes when the prompt gets them.
    if said.cell_length + _offers(keys, typing=True).cell_length <= look.width:
        rows = [said + offers]
    else:
        rows = [*wrap(said, look.width), *wrap(offers[1:], look.width)]
    return [Content(""), *indent(rows, GUTTER)]


def _offers(keys: list[Key], typing: bool) -> Content:
    parts: list[Part] = []
    for key, word in keys:
        is_text = typing and not key.startswith("^")
        parts += [(f"   {f'esc {key}' if is_text else key} ", "bold $foreground"), (word, "$muted")]
    return line(*parts)
