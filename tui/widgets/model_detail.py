"""All that a server tells of one model."""

from datetime import datetime

import msgspec
from textual.content import Content
from textual.reactive import reactive

from tui.domain.language import _, many
from tui.domain.models import LocalModel, ModelCard, RunningModel
from tui.domain.units import clock, percent, size
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, Part, dots, fit, indent, line, muted, spread, strong
from tui.widgets.model_layers import Parts, layers_lines, numbers_lines, tensors_lines
from tui.widgets.plain import one_line, untabbed, visible
from tui.widgets.sheet import Sheet
from tui.widgets.wrap import wrap

_LABEL = 15
_BEGINNING = 2
"""Lines of a long text that are shown until the reader asks for all."""
_DIGEST = 12


class Detail(msgspec.Struct, frozen=True):
    """A model, and what was found out about it."""

    model: LocalModel
    now: datetime
    card: ModelCard | None = None
    """None until the server has answered."""
    running: RunningModel | None = None
    error: str = ""
    parts: Parts | None = None
    """None until they were looked for."""
    memory: str = ""
    """What it takes of the GPU's memory, and whether that is there."""
    elsewhere: str = ""
    """Other hosts that have it, and how."""
    server: str = ""
    """What serves it, where that is not Ollama."""


class ModelDetail(Sheet):
    """Beside the table it shows how long texts begin; focused, it shows them whole."""

    value: reactive[Detail | None] = reactive(None, repaint=False, always_update=True)
    beside: reactive[bool] = reactive(True, repaint=False)
    """Whether it stands beside the table, with a rule between."""

    def watch_value(self, old: Detail | None, new: Detail | None) -> None:
        if old is None or new is None or old.model.name != new.model.name:
            self.to_top()
        self.redraw()

    def watch_beside(self) -> None:
        self.redraw()

    def on_focus(self) -> None:
        self.call_after_refresh(self.redraw)

    def on_blur(self) -> None:
        self.to_top()
        self.call_after_refresh(self.redraw)

    def draw(self, width: int) -> Lines:
        rule = line((f"{g.side} ", "$rule")) if self.beside else line(" ")
        room = max(width - 3, 1)
        rows = detail_lines(self.value, room, whole=self.has_focus) if self.value else []
        rows = [line(), *rows]
        if self.beside:
            rows += [line()] * (self.size.height - len(rows))
        return [line(rule, row) for row in rows]


def detail_lines(detail: Detail, width: int, *, whole: bool) -> Lines:
    """The sheet of one model."""
    model, card = detail.model, detail.card
    head = [
        spread(strong(one_line(model.name)), _loaded(detail), width),
        muted(dots(one_line(model.digest)[:_DIGEST], _pulled(model))),
        line(),
    ]
    if detail.error:
        return [*head, *wrap(line((visible(detail.error), "$error")), width)]
    if card is None:
        return [*head, muted(_("asking..."))]
    return [
        *head,
        *_facts(detail, card, width),
        *_parameters(card, width),
        *_text(_("system"), card.system, width, whole=whole),
        *_text(_("template"), card.template, width, whole=whole),
        *(_further(detail, card, width) if whole else []),
    ]


def _further(detail: Detail, card: ModelCard, width: int) -> Lines:
    """What only those want who came to read."""
    said = "\n".join(f"{each.get('role')}: {each.get('content')}" for each in card.messages or ())
    return [
        *_text(_("messages"), said, width, whole=True),
        *(layers_lines(detail.parts, width) if detail.parts else []),
        *tensors_lines(card.tensors or (), width),
        *numbers_lines({**(card.model_info or {}), **(card.projector_info or {})}, width),
        *_text(_("licence"), card.license or "", width, whole=True),
    ]


def _loaded(detail: Detail) -> Content:
    return line((f"{g.up} {_('loaded')}", "$success")) if detail.running else line()


def _pulled(model: LocalModel) -> str:
    if model.modified_at is None:
        return ""
    return _("pulled {date}").format(date=f"{model.modified_at.astimezone():%d %b %Y}")


def _facts(detail: Detail, card: ModelCard, width: int) -> Lines:
    """Label and value in two columns; what is not known has no line."""
    details = card.details
    rows = [
        (_("can"), _abilities(card), ""),
        (
            _("family"),
            details.family,
            " ".join((details.parameter_size, details.quantization_level)).strip(),
        ),
        (_("context"), *_context(detail, card)),
        *_memory(detail),
        (_("would take"), detail.memory if detail.running is None else "", ""),
        (
            _("layers"),
            _number(card.number("block_count")),
            _counted(_("embedding {n}"), card.number("embedding_length")),
        ),
        (_("made from"), details.parent_model, ""),
        (_("prompts by"), card.renderer, ""),
        (_("answers by"), card.parser, ""),
        (_("served by"), detail.server, ""),
        (_("runs on"), card.remote_host, card.remote_model),
        (_("needs"), f"Ollama {card.requires}" if card.requires else "", ""),
        (_("licence"), _first_line(card.license or ""), ""),
        (_("on disk"), size(detail.model.size) if detail.model.size else "", details.format),
        (_("also on"), detail.elsewhere, ""),
    ]
    return [
        row
        for label, value, more in rows
        if value
        for row in _pair(label, one_line(value), one_line(more), width)
    ]


def _pair(label: str, value: str, more: str, width: int) -> Lines:
    parts: list[Part] = [value, (f" {g.dot} {more}", "$muted")] if more else [value]
    first, *others = wrap(line(*parts), max(width - _LABEL, 8))
    return [line(fit(muted(label), _LABEL), first), *indent(others, _LABEL)]


def _abilities(card: ModelCard) -> str:
    words = {"completion": _("chat"), "insert": _("fill in")}
    return ", ".join(words.get(each, each) for each in card.capabilities or [])


def _context(detail: Detail, card: ModelCard) -> tuple[str, str]:
    used = detail.running.context_length if detail.running else 0
    made_for = card.number("context_length") or card.details.context_length
    return _number(made_for), _counted(_("{n} in use"), used)


def _memory(detail: Detail) -> list[tuple[str, str, str]]:
    running = detail.running
    if running is None or not running.size:
        return []
    share = running.cpu_share
    where = _("{share} on the CPU").format(share=percent(share)) if share else _("all on the GPU")
    left = running.stays(detail.now)
    until = clock(left.total_seconds()) if left is not None else _("stays loaded")
    return [(_("memory"), size(running.size), where), (_("unloads in"), until, "")]


def _parameters(card: ModelCard, width: int) -> Lines:
    values: dict[str, list[str]] = {}
    for name, value in card.parameter_rows():
        values.setdefault(one_line(name), []).append(one_line(value))
    listed = [row for name in values for row in _parameter(name, values[name], width)]
    return [line(), muted(_("parameters")), *listed] if listed else []


def _parameter(name: str, values: list[str], width: int) -> Lines:
    style = "$code-string" if values[0].startswith('"') else "$foreground"
    said = line(("  ".join(value.strip('"') for value in values), style))
    first, *others = wrap(said, max(width - _LABEL, 8))
    return [line(fit(muted(f"  {name}"), _LABEL - 1), " ", first), *indent(others, _LABEL)]


def _text(title: str, text: str, width: int, *, whole: bool) -> Lines:
    """A text under its title; of a long one, its beginning."""
    if not text.strip():
        return []
    rows = text.strip().splitlines()
    shown = rows if whole else rows[:_BEGINNING]
    drawn = [
        part for row in shown for part in wrap(line(untabbed(visible(row))), max(width - 2, 8))
    ]
    left = len(rows) - len(shown)
    more = many("{n} more line", "{n} more lines", left).format(n=left)
    drawn = drawn if whole else drawn[: 2 * _BEGINNING]
    return [line(), muted(title), *indent(drawn, 2), *([muted(f"  {more}")] if left else [])]


def _first_line(text: str) -> str:
    return next((row for row in text.splitlines() if row.strip()), "")


def _number(count: int | None) -> str:
    return f"{count:,}" if count else ""


def _counted(text: str, count: int | None) -> str:
    return text.format(n=f"{count:,}") if count else ""
