"""Everything beyond ASCII that the program itself draws."""

import locale
import os

import msgspec

from tui.terminal.kind import has_poor_font


class Glyphs(msgspec.Struct):
    """One cell each, named for what they say."""

    up: str = "●"
    down: str = "○"
    unseen: str = "•"
    draft: str = "*"
    here: str = "▸"
    question: str = "┃"
    growing: str = "▌"
    bullet: str = "•"
    full: str = "━"
    half: str = "╸"
    rule: str = "─"
    side: str = "│"
    active: str = "↓"
    upload: str = "↑"
    verify: str = "≡"
    queued: str = "·"
    paused: str = "‖"
    failed: str = "✗"
    done: str = "✓"
    newer: str = "↑"
    dot: str = "·"
    left: str = "‹"
    right: str = "›"
    more: str = "…"
    degree: str = "°"
    differs: str = "≠"


UNICODE = Glyphs()
ASCII = Glyphs(*"@o!*>|_-==-|v^?.=x+^-<>~ #")


def suits() -> Glyphs:
    """The set for this terminal: ASCII where the locale is not UTF-8, or the font is poor."""
    if has_poor_font(os.environ):
        return ASCII
    encoding = locale.getpreferredencoding(do_setlocale=False)
    return UNICODE if encoding.upper().replace("-", "") == "UTF8" else ASCII


def use(glyphs: Glyphs) -> None:
    """Draw with these from now on."""
    for name in glyphs.__struct_fields__:
        setattr(g, name, getattr(glyphs, name))


g = Glyphs()
use(suits())
