"""An editor in which a long paste stands as a few words."""

from dataclasses import dataclass

from textual.events import Paste
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Location

from tui.widgets.pastes import Pastes
from tui.widgets.plain import visible

_LONG = 4_000
"""Bytes from which a paste is folded."""
_SLOW = 16_000
"""Characters at which keys begin to lag: a text of that many is folded wherever it comes from."""


class FoldingArea(TextArea, inherit_bindings=False):
    """`text` is what is shown, `whole` what it means, `draft` what brings the same back."""

    @dataclass
    class ImageDropped(Message):
        """The path of a picture was pasted, as terminals do with a file dropped on them."""

        pasted: str
        path: str

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        self._pastes = Pastes()
        super().__init__(visible(text), id=id, compact=True, highlight_cursor_line=False)

    @property
    def whole(self) -> str:
        """The text with everything that was pasted into it."""
        return self._pastes.unfolded(self.text)

    @property
    def draft(self) -> str:
        """The same, in a form that `load_text` folds again."""
        return self._pastes.marked(self.text)

    def load_text(self, text: str) -> None:
        """Write another text, with the cursor at its end."""
        shown = visible(self._pastes.load(text))
        super().load_text(self._pastes.fold(shown) if len(shown) > _SLOW else shown)
        self.move_cursor(self.document.end)

    def empty(self) -> None:
        """Take all text out; what was just there can be brought back."""
        self._pastes.keep_only(self.text)
        self.clear()

    def unfold(self) -> bool:
        """Put the text under the cursor in the place of what stands for it; False if none is."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        for start, end in self._pastes.spans(line):
            if start < column <= end:
                text = self._pastes.text_of(line[start:end])
                result = super().replace(text, (row, start), (row, end))
                self.move_cursor(result.end_location)
                return True
        return False

    def on_paste(self, event: Paste) -> None:
        """Take a paste whole, with what could steer the terminal made visible."""
        from tui.domain.references import dropped_image

        event.stop()
        event.prevent_default()
        text = visible(event.text.replace("\r\n", "\n").replace("\r", "\n"))
        shown = self._pastes.fold(text) if len(text.encode(errors="replace")) > _LONG else text
        result = self.replace(shown, *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
        if path := dropped_image(text):
            self.post_message(self.ImageDropped(text.strip(), path))

    def exchange(self, old: str, new: str) -> None:
        """Write something else in the last place where `old` stands, if it still does."""
        for row in reversed(range(self.document.line_count)):
            if (at := self.document.get_line(row).rfind(old)) >= 0:
                self.replace(new, (row, at), (row, at + len(old)))
                return

    # --- what stands for a text is one thing to every edit ---

    def insert(
        self, text: str, location: Location | None = None, *, maintain_selection_offset: bool = True
    ) -> EditResult:
        at = self._outside(self.cursor_location if location is None else location)
        return super().insert(text, at, maintain_selection_offset=maintain_selection_offset)

    def delete(
        self, start: Location, end: Location, *, maintain_selection_offset: bool = True
    ) -> EditResult:
        start, end = self._around(start, end)
        return super().delete(start, end, maintain_selection_offset=maintain_selection_offset)

    def replace(
        self,
        insert: str,
        start: Location,
        end: Location,
        *,
        maintain_selection_offset: bool = True,
    ) -> EditResult:
        start, end = self._around(start, end)
        kept = maintain_selection_offset
        return super().replace(insert, start, end, maintain_selection_offset=kept)

    def _around(self, start: Location, end: Location) -> tuple[Location, Location]:
        """A range that cuts nothing in two."""
        start, end = sorted((start, end))
        if start == end:
            return self._outside(start), self._outside(start)
        return self._outside(start, before=True), self._outside(end)

    def _outside(self, at: Location, *, before: bool = False) -> Location:
        row, column = at
        for start, end in self._pastes.spans(self.document.get_line(row)):
            if start < column < end:
                return row, start if before else end
        return at
