"""Long texts that stand in the prompt as a few words: an editor slows down with them."""

import re
from collections.abc import Callable

from tui.domain.language import _
from tui.domain.pasted import MARKED, marked
from tui.domain.units import size


class Pastes:
    """The texts by what stands for them."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def fold(self, text: str) -> str:
        """Keep a text; what stands for it."""
        count = size(len(text.encode(errors="replace")))
        label, number = _("[pasted {size}]").format(size=count), 2
        while label in self._texts:
            label = _("[pasted {size}, {number}]").format(size=count, number=number)
            number += 1
        self._texts[label] = text
        return label

    def unfolded(self, shown: str) -> str:
        """The text that is meant by what is shown."""
        return self._exchange(shown, str)

    def marked(self, shown: str) -> str:
        """The same, which `load` can fold again."""
        return self._exchange(shown, marked)

    def load(self, text: str) -> str:
        """What to show of a text: folded where it is marked, or where it was folded until now."""
        known, self._texts = self._texts, {}
        shown = MARKED.sub(lambda match: self.fold(match[1]), text)
        for each in known.values():
            if each in shown:
                shown = shown.replace(each, self.fold(each), 1)
        return shown

    def keep_only(self, shown: str) -> None:
        """Forget all that is not shown."""
        self._texts = {label: text for label, text in self._texts.items() if label in shown}

    def text_of(self, label: str) -> str:
        """The text that something stands for."""
        return self._texts[label]

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Where in a line of the editor something stands for a text."""
        found = [(line.find(label), len(label)) for label in self._texts]
        return [(start, start + length) for start, length in found if start >= 0]

    def _exchange(self, shown: str, told: Callable[[str], str]) -> str:
        """Each is exchanged once: whoever types the same words means the words."""
        if not self._texts:
            return shown
        left = dict(self._texts)

        def text(match: re.Match[str]) -> str:
            return told(left.pop(match[0])) if match[0] in left else match[0]

        return re.sub("|".join(map(re.escape, self._texts)), text, shown)
