"""Quitting while work is running."""

from tui.domain.language import _, many
from tui.screens.dialogs.confirm import ConfirmDialog


def asked_before(replies: int, pulls: int) -> ConfirmDialog:
    """The question whether to quit though so many answers and downloads are running."""
    parts = []
    if replies:
        text = many(
            "{n} answer is still coming: what it has is kept, and c continues it.",
            "{n} answers are still coming: what they have is kept, and c continues them.",
            replies,
        )
        parts.append(text.format(n=replies))
    if pulls:
        text = many(
            "{n} download runs: it goes on where it is when you are back.",
            "{n} downloads run: they go on where they are when you are back.",
            pulls,
        )
        parts.append(text.format(n=pulls))
    return ConfirmDialog(_("Quit"), "\n".join(parts), yes=_("quit"), no=_("stay"), assent=True)
