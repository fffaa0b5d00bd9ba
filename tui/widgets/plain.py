"""Text of others made fit to draw: nothing in it can steer the terminal."""

import re
import unicodedata

from tui.widgets.glyphs import ASCII, g

_TAB = 4
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    "\u2028\u2029\ufff9-\ufffb\ud800-\udfff]"  # line ends by another name, notes, lone halves
)


def visible(text: str) -> str:
    """The text with its control characters made visible; tabs and newlines stay."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return _UNSAFE.sub(lambda match: _picture(match[0]), text) if _UNSAFE.search(text) else text


def one_line(text: str) -> str:
    """A title or name: visible, and on one line whatever it holds."""
    return " ".join(visible(text).split())


def untabbed(text: str) -> str:
    """Tabs as the spaces they stand for."""
    return text.expandtabs(_TAB) if "\t" in text else text


def _picture(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) in ("Zl", "Zp"):
        return " "
    if character == "\x7f":
        return "^?" if g == ASCII else "␡"
    if character < " ":
        return f"^{chr(code ^ 0x40)}" if g == ASCII else chr(0x2400 + code)
    return f"\\x{code:02x}" if character < "\xa0" else f"\\u{code:04x}"
