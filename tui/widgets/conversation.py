"""The messages of a transcript, drawn when they are looked at."""

from collections import OrderedDict
from collections.abc import Sequence

from msgspec.structs import replace

from tui.domain import clock
from tui.domain.language import _, many
from tui.domain.view import ChatView
from tui.widgets.drawn import Drawn
from tui.widgets.entry import Entry
from tui.widgets.turns import Look

_KEPT = 256
"""Drawn messages kept."""
_NEAR = 100
"""Messages of which lines are counted: all of them at each step would take too long."""


class Conversation:
    """Entries, which of them is chosen, which show their thoughts, and the lines of each."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.look = Look(window=0)
        """How every message is drawn, but for what is its own."""
        self.browsing = False
        """Whether the chosen message is marked."""
        self.across = 0
        """From which column on lines are seen that run on."""
        self._view = ChatView()
        self._places: dict[str, int] = {}
        self._chosen = ""
        self._unfolded: set[str] = set()
        self._drawn: OrderedDict[str, Drawn] = OrderedDict()
        self._sizes: dict[str, int] = {}

    def show(self, entries: Sequence[Entry]) -> None:
        """Take other entries; what is known of those that stay is kept."""
        self.entries = list(entries)
        self._places = {entry.message.id: index for index, entry in enumerate(entries)}
        for gone in self._drawn.keys() - self._places.keys():
            del self._drawn[gone]

    def put(self, entry: Entry) -> None:
        """Put an entry in the place of the one with its id, or at the end."""
        index = self._places.setdefault(entry.message.id, len(self.entries))
        self.entries[index : index + 1] = [entry]
        self._sizes.pop(entry.message.id, None)

    def see(self, view: ChatView) -> None:
        """Draw as the user likes it from now on."""
        if view.wraps != self._view.wraps:
            self._sizes.clear()
            self.across = 0
        if view.thoughts != self._view.thoughts:
            self._unfolded.clear()
        self._view = view

    def index(self, id: str) -> int | None:
        """Where a message stands."""
        return self._places.get(id)

    # --- choosing ---

    @property
    def chosen(self) -> int | None:
        """Where the chosen message stands: the last answer, if no other was chosen."""
        if (index := self.index(self._chosen)) is not None:
            return index
        backwards = range(len(self.entries) - 1, -1, -1)
        answers = (i for i in backwards if self.entries[i].message.role == "assistant")
        return next(answers, len(self.entries) - 1 if self.entries else None)

    def choose(self, index: int | None) -> None:
        """Choose a message, or again whichever answer is the last."""
        self._chosen = "" if index is None else self.entries[index].message.id

    def toggle(self, index: int) -> None:
        """Fold or unfold what a message hides."""
        self._unfolded ^= {self.entries[index].message.id}

    # --- drawing ---

    def shape(self, window: int, *, airy: bool, plain: bool = False) -> None:
        """Draw for a window of this width from now on."""
        if window != self.look.window:
            self._drawn.clear()
            self._sizes.clear()
        self.look = replace(self.look, window=window, airy=airy, plain=plain)

    def drawn(self, index: int) -> Drawn:
        """A message as lines, drawn now if it is not."""
        entry, look = self.entries[index], self._look(index)
        key = entry.message.id
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = self._drawn[key] = Drawn(entry, look, clock.now())
            if len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
        elif drawn.entry != entry or drawn.look != look:
            drawn.update(entry, look, clock.now())
        self._drawn.move_to_end(key)
        self._sizes[key] = len(drawn.rows)
        return drawn

    def height(self, index: int) -> int:
        """How many lines a message has."""
        return len(self.drawn(index).rows)

    def about(self, index: int) -> int:
        """The same, but only guessed for a message that was never drawn."""
        message = self.entries[index].message
        if message.id not in self._sizes:
            text = message.content
            self._sizes[message.id] = 3 + text.count("\n") + len(text) // max(self.look.width, 1)
        return self._sizes[message.id]

    def below(self, index: int, at: int) -> str:
        """How much lies below one of a message's lines: lines, about; far from the end messages."""
        after = range(index + 1, len(self.entries))
        if len(after) > _NEAR:
            return _("{n} messages below").format(n=len(after))
        lines = self.height(index) - at - 1 + sum(map(self.about, after))
        return many("{n} line below", "{n} lines below", lines).format(n=lines) if lines else ""

    def tell_time(self) -> bool:
        """Draw anew what counts seconds; False when nothing is running."""
        live = [entry for entry in self.entries if entry.live]
        for entry in live:
            if drawn := self._drawn.get(entry.message.id):
                drawn.update(drawn.entry, drawn.look, clock.now())
        return bool(live)

    def forget_colours(self) -> None:
        """After a change of theme."""
        for drawn in self._drawn.values():
            drawn.forget_colours()

    def _look(self, index: int) -> Look:
        message = self.entries[index].message
        usual = self._view.thoughts and bool(message.thinking)
        return replace(
            self.look,
            across=None if self._view.wraps else self.across,
            verbose=self._view.verbose,
            chosen=self.browsing and index == self.chosen,
            typing=not self.browsing,
            unfolded=usual != (message.id in self._unfolded),
            unseen=self._unseen(index),
        )

    def _unseen(self, index: int) -> tuple[int, int]:
        """What is said above a question of the answer to it."""
        if self.entries[index].message.role != "user" or index + 1 >= len(self.entries):
            return 0, 0
        answer = self.entries[index + 1]
        return answer.message.unseen, answer.context
