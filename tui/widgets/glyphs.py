"""Everything beyond ASCII that the program itself draws."""

import locale
import os
from typing import NamedTuple


class Glyphs(NamedTuple):
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


UNICODE = Glyphs()
ASCII = Glyphs(*"@o!*>|_-==-|v^?.=x+^-<>~")


def chosen() -> Glyphs:
    """The set for this terminal: ASCII when asked for, or where the locale is not UTF-8."""
    if os.environ.get("OLLAMA_TUI_ASCII"):
        return ASCII
    encoding = locale.getpreferredencoding(do_setlocale=False)
    return UNICODE if encoding.upper().replace("-", "") == "UTF8" else ASCII


g = chosen()
