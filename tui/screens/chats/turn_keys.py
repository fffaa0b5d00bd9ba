"""Keys of browse mode that the page itself answers to: the footer has no room for them."""

from textual.binding import Binding

from tui.domain.language import _


def _bind(key: str, action: str, words: str) -> Binding:
    return Binding(key, f"screen.{action}", words, show=False, id=f"browse.{action}")


TURN_KEYS = [
    _bind("Y", "copy_code", _("copy a code block")),
    _bind("s", "save_code", _("save a code block")),
    _bind("o", "details", _("what the answer took")),
    _bind("m", "ask_others", _("ask other models, too")),
    _bind("H", "host", _("go on with another host")),
    _bind("v,vertical_line", "compare", _("answers side by side")),
    _bind("T", "thoughts", _("thinking: fold, unfold in all chats")),
    _bind("z", "wrapping", _("long code: wrap, run on")),
    _bind("slash", "find", _("find in all chats")),
    _bind("f", "fork", _("fork: a new chat up to here")),
    _bind("d", "delete_message", _("delete, with all that follows")),
    _bind("u", "mend", _("undo the deletion")),
    _bind("P", "prompt", _("the prompt as the model gets it")),
    _bind("w", "waiting", _("messages not sent yet")),
]
