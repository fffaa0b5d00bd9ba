"""Thoughts that a server leaves in the answer, for it was started without a parser for them."""

_OPEN, _CLOSE = "<think>", "</think>"


class Thoughts:
    """Parts an answer that begins with `<think>`, however it is cut; others pass as they are."""

    def __init__(self) -> None:
        self._held = ""
        """What may be the beginning of a tag."""
        self._tag = _OPEN
        """What is waited for; empty once there is nothing more to part."""
        self._bare = False
        """Whether a tag came last: the line ends behind it belong to it."""

    def take(self, text: str) -> tuple[str, str]:
        """What of a piece is thought, and what is said."""
        text, self._held = self._held + text, ""
        if self._tag == _OPEN:
            return self._opening(text)
        if self._tag == _CLOSE:
            return self._closing(text)
        return "", self._trimmed(text)

    def end(self) -> tuple[str, str]:
        """What was held back, at the end of an answer."""
        held, self._held = self._held, ""
        return (held, "") if self._tag == _CLOSE else ("", held)

    def _opening(self, text: str) -> tuple[str, str]:
        begun = text.lstrip()
        if begun.startswith(_OPEN):
            self._tag, self._bare = _CLOSE, True
            return self._closing(begun.removeprefix(_OPEN))
        if _OPEN.startswith(begun):
            self._held = text
            return "", ""
        self._tag = ""
        return "", text

    def _closing(self, text: str) -> tuple[str, str]:
        thought, tag, said = text.partition(_CLOSE)
        if tag:
            thought = self._trimmed(thought)
            self._tag, self._bare = "", True
            return thought, self._trimmed(said)
        kept = next((n for n in range(len(_CLOSE) - 1, 0, -1) if text.endswith(_CLOSE[:n])), 0)
        self._held = text[len(text) - kept :]
        return self._trimmed(text[: len(text) - kept]), ""

    def _trimmed(self, text: str) -> str:
        if self._bare:
            text = text.lstrip("\n")
            self._bare = not text
        return text
