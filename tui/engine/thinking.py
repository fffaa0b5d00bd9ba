"""Tells a model's thinking from its answer, in plain completions."""

_OPEN, _CLOSE = "<think>", "</think>"


class ThinkingSplitter:
    """Takes pieces of a completion; gives back which part is thinking and which is answer."""

    def __init__(self, prompt: str) -> None:
        # Some templates end the prompt inside the thinking already.
        self._inside = prompt.rstrip().endswith(_OPEN)
        self._begun = self._inside
        self._held = ""
        self._fresh = self._inside

    def take(self, piece: str, *, last: bool = False) -> tuple[str, str]:
        """Thinking and answer that are certain once `piece` is known."""
        self._held += piece
        thinking = ""
        if not self._begun and not self._open(last=last):
            return "", ""
        if self._inside:
            thinking = self._until_close(last=last)
        if self._inside:
            return thinking, ""
        answer, self._held = self._held, ""
        return thinking, self._trimmed(answer)

    def _open(self, *, last: bool) -> bool:
        """Whether it is settled how the completion begins."""
        text = self._held.lstrip()
        if _OPEN.startswith(text) and not last:
            return False
        self._begun = True
        if text.startswith(_OPEN):
            self._inside = self._fresh = True
            self._held = text.removeprefix(_OPEN)
        return True

    def _until_close(self, *, last: bool) -> str:
        text, closed, rest = self._held.partition(_CLOSE)
        keep = 0 if closed or last else _overlap(text)
        end = len(text) - keep
        thinking, self._held = self._trimmed(text[:end]), text[end:] + rest
        if closed:
            self._inside, self._fresh = False, True
        return thinking

    def _trimmed(self, text: str) -> str:
        """Without the blank lines that follow a tag."""
        if self._fresh:
            text = text.lstrip()
            self._fresh = not text
        return text


def _overlap(text: str) -> int:
    """How much of the closing tag the text may end with."""
    sizes = range(min(len(_CLOSE) - 1, len(text)), 0, -1)
    return next((size for size in sizes if text.endswith(_CLOSE[:size])), 0)
