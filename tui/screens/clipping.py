"""Giving texts to the user's clipboard, from whichever screen."""

from functools import partial

from tui.domain.language import _
from tui.screens.page import Page
from tui.terminal.clipboard import copy
from tui.terminal.wire import write


async def clip(page: Page, text: str) -> None:
    """Give a text to the user's clipboard, and keep it in a file: terminals do not tell."""
    kept = page.worker.workspace.keep_copy(text)
    copied = await copy(text, partial(write, page.app))
    ways = {
        "terminal": _("Copied by OSC 52; also in {path}."),
        "buffer": _("Copied by tmux, to its buffer and the clipboard; also in {path}."),
        "tmux": _("Copied by OSC 52; tmux has to let it pass (set-clipboard on). In {path}."),
        "screen": _("Copied by OSC 52 through screen; also in {path}."),
        "none": _("Too large for the terminal's clipboard; it is in {path}."),
    }
    page.notify(ways[copied.way].format(path=kept), markup=False)
