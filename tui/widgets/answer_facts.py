"""All that is known of an answer, as lines with a label each."""

import msgspec

from tui.domain.language import _, many
from tui.domain.replies import Stats
from tui.domain.session import Message
from tui.domain.units import percent
from tui.widgets.facts import moment, rate_words, span
from tui.widgets.lines import Lines, dots, line
from tui.widgets.plain import one_line
from tui.widgets.wrap import wrap
from tui.widgets.zone import Zone

_LABEL = 10
"""Cells of the labels."""
_LEAST = 10


class AnswerFacts(msgspec.Struct, frozen=True):
    """An answer, and the window that its model has now; 0 while it is not loaded."""

    message: Message
    allocated: int = 0


class AnswerSheet(Zone):
    """The facts of one answer."""

    def __init__(self, facts: AnswerFacts) -> None:
        super().__init__()
        self._facts = facts

    def draw(self, width: int, height: int) -> Lines:
        rows: Lines = []
        for label, value in facts_of(self._facts):
            said = wrap(line((one_line(value), "$foreground")), max(width - _LABEL, _LEAST))
            heads = [label, *[""] * (len(said) - 1)]
            rows += [
                line((head.ljust(_LABEL), "$muted"), row)
                for head, row in zip(heads, said, strict=True)
            ]
        return rows


def facts_of(facts: AnswerFacts) -> list[tuple[str, str]]:
    """Labels and what there is to say; nothing of what is not known."""
    message = facts.message
    said = [
        (_("model"), message.model),
        (_("asked"), moment(message.created_at)),
        (_("ended"), _ending(message)),
        (_("thought"), span(message.thought)),
        *(counted(message.stats, facts.allocated) if message.stats else ()),
    ]
    if message.unseen:
        count = many("{n} older message", "{n} older messages", message.unseen)
        said.append((_("not seen"), count.format(n=message.unseen)))
    if message.stats is None:
        said.append((_("counts"), _("none: the server tells them at the end of an answer")))
    return [(label, value) for label, value in said if value]


def _ending(message: Message) -> str:
    states = {
        "complete": _("complete"),
        "stopped": _("stopped by you"),
        "interrupted": _("interrupted"),
        "failed": _("failed"),
    }
    reasons = {
        "stop": _("the model had said all"),
        "length": _("the longest length was reached"),
        "load": _("the model was only loaded"),
        "unload": _("the model was only unloaded"),
    }
    reason = message.done_reason
    told = f"{reasons[reason]} ({reason})" if reason in reasons else reason
    return dots(states[message.state], told, message.error)


def counted(stats: Stats, allocated: int = 0) -> list[tuple[str, str]]:
    """What the server counted, by name; `allocated` is the window, 0 while that is not known."""
    used = stats.prompt_eval_count + stats.eval_count
    return [
        (_("load"), span(stats.load_duration / 1e9)),
        (_("prompt"), _prompt(stats)),
        (_("answer"), _pace(stats.eval_count, stats.eval_duration)),
        (_("in all"), span(stats.total_duration / 1e9)),
        (_("context"), _share(used, allocated) if used else ""),
    ]


def _prompt(stats: Stats) -> str:
    """Its pace, which says nothing of what was in the server's cache."""
    cached, read = stats.cached_count, stats.prompt_eval_count - stats.cached_count
    if not cached:
        return _pace(stats.prompt_eval_count, stats.prompt_eval_duration)
    known = _("{n} more were in its cache").format(n=f"{cached:,}")
    return dots(_pace(max(read, 0), stats.prompt_eval_duration), known)


def _pace(count: int, duration: int) -> str:
    """Tokens, their time, and how many a second."""
    tokens = many("{n} token", "{n} tokens", count).format(n=f"{count:,}") if count else ""
    rate = rate_words(count / duration * 1e9) if duration else ""
    return dots(tokens, span(duration / 1e9), rate)


def _share(used: int, allocated: int) -> str:
    if not allocated:
        return many("{n} token", "{n} tokens", used).format(n=f"{used:,}")
    said = _("{used} of {all} tokens").format(used=f"{used:,}", all=f"{allocated:,}")
    return dots(said, percent(used / allocated))
