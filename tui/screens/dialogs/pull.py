"""Which models to pull."""

import re
from collections.abc import Collection, Iterable

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.fuzzy import ranked
from tui.domain.language import _
from tui.domain.names import BadModelName, ModelName
from tui.domain.units import size
from tui.screens.dialogs.dialog import Dialog
from tui.store.catalogue import Offer
from tui.widgets.choice_rows import ChoiceLine, choice_row, group_row
from tui.widgets.line_input import LineInput
from tui.widgets.lines import dots
from tui.widgets.rows import Rows
from tui.widgets.text import Text

_MOST = 200
"""Rows of the list: nobody reads on beyond."""
_BETWEEN = re.compile(r"[\s,;]+")


class PullDialog(Dialog[list[str]]):
    """Takes one name, completed from the catalogue, or several at once."""

    AUTO_FOCUS = "LineInput"
    BINDINGS = [
        Binding("enter", "take", _("pull"), id="pull.take"),
        Binding("tab", "complete", _("complete"), id="pull.complete"),
        Binding("down", "step(1)", _("next"), show=False, id="pull.down"),
        Binding("up", "step(-1)", _("before"), show=False, id="pull.up"),
        Binding("pagedown", "page(1)", _("page down"), show=False, id="pull.page_down"),
        Binding("pageup", "page(-1)", _("page up"), show=False, id="pull.page_up"),
    ]

    input = getters.query_one(LineInput)
    rows = getters.query_one(Rows)
    about = getters.query_one("#about", Text)

    def __init__(self, host: str, here: Collection[str] = (), offers: Iterable[Offer] = ()) -> None:
        """`here` names the models that the host has already; `offers` are known of elsewhere."""
        super().__init__(_("Pull to {host}").format(host=host))
        self._here = {*here}
        self._known = {offer.name: offer for offer in offers}

    def compose_body(self) -> ComposeResult:
        yield LineInput(placeholder=_("name:tag, or several"))
        yield Rows(_("Not in the catalogue; a registry may have it all the same."))
        yield Text(id="about")

    def on_mount(self) -> None:
        self.add_class("-list")
        self.rows.can_focus = False
        self._list()

    @on(LineInput.Changed)
    def _list(self) -> None:
        """Show what is typed, then what it may become."""
        names = self._typed()
        if len(names) > 1:
            lines = [self._line(name) for name in names]
            title = _("{n} models").format(n=len(names))
        else:
            lines = self._completed(names)
            title = _("name")
        head = [group_row("", title, columns=True, note="")] if lines else []
        first = lines[0].key if lines else None
        self.rows.show([*head, *map(choice_row, lines)], cursor_key=first)
        self._tell()

    @on(Rows.Moved)
    def _tell(self) -> None:
        """Say what is known of the model under the cursor."""
        refused = self._refusal()
        self.about.colour = "$error" if refused else "$muted"
        self.about.text = refused or _about(self._known.get(self.rows.cursor_key or ""))

    @on(Rows.Chosen)
    def action_take(self) -> None:
        """Pull what is typed, or the model under the cursor."""
        names = self._typed()
        if len(names) > 1:
            if not self._refusal():
                self.dismiss([ModelName.parse(name).short for name in names])
        elif self.rows.cursor_key:
            self.dismiss([self.rows.cursor_key])
        else:
            self._tell()

    def action_complete(self) -> None:
        """Write the name under the cursor into the line."""
        if self.rows.cursor_key and len(self._typed()) <= 1:
            self.input.value = self.rows.cursor_key
            self.input.cursor_position = len(self.input.value)

    def action_step(self, by: int) -> None:
        """Go to another row."""
        self.rows.action_step(by)

    def action_page(self, by: int) -> None:
        """Go on by a page."""
        self.rows.action_page(by)

    def _typed(self) -> list[str]:
        return [part for part in _BETWEEN.split(self.input.value) if part]

    def _refusal(self) -> str:
        for name in self._typed():
            try:
                ModelName.parse(name)
            except BadModelName as error:
                return str(error)
        return ""

    def _exact(self, names: list[str]) -> list[ChoiceLine]:
        """The name as it was typed, unless nothing can be called so."""
        if not names or self._refusal():
            return []
        return [self._line(ModelName.parse(names[0]).short)]

    def _completed(self, names: list[str]) -> list[ChoiceLine]:
        """What is typed comes first if it looks whole, else behind what it may become."""
        exact = self._exact(names)
        found = ranked(self.input.value, self._known.values(), lambda offer: offer.name)
        completions = [
            self._line(offer.name, match.positions)
            for offer, match in found[:_MOST]
            if [offer.name] != [line.key for line in exact]
        ]
        whole = any(line.key in self._known for line in exact) or set("/:") & set(self.input.value)
        return [*exact, *completions] if whole else [*completions, *exact]

    def _line(self, name: str, hits: tuple[int, ...] = ()) -> ChoiceLine:
        offer = self._known.get(name)
        here = name in self._here
        return ChoiceLine(
            key=name,
            name=name,
            size=offer.size if offer else 0,
            context=offer.context if offer else 0,
            can=offer.can if offer else (),
            note=_("here already") if here else "",
            style="$success",
            hits=hits,
        )


def _about(offer: Offer | None) -> str:
    if offer is None:
        return _("Not in the catalogue: its size is known when the pull begins.")
    amount = size(offer.size) if offer.exact else _("about {size}").format(size=size(offer.size))
    return f"{offer.about}\n{dots(amount, offer.parameters, offer.licence)}"
