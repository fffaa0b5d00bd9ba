"""Calling a user who looks elsewhere when something long has ended."""

import os
from datetime import timedelta
from typing import Any

from textual.app import App

from tui.domain import clock
from tui.domain.language import _
from tui.terminal.wire import write
from tui.worker.conversations import Conversations
from tui.worker.events import Event, Notice, ReplyEnded

LONG = timedelta(seconds=10)
"""An answer that took less is not called out."""


class Calling:
    """Hears the worker's events; only what is not said of a focused terminal leaves it."""

    def __init__(self, app: App[Any], conversations: Conversations, kind: str) -> None:
        self._app = app
        self._conversations = conversations
        self._kind = kind

    def hear(self, event: Event) -> None:
        """Call the user if the event is worth it and the terminal has no focus."""
        if self._app.app_focus:
            return
        if text := self._words(event):
            from tui.terminal.notices import sequence

            write(self._app, sequence(self._kind, text, os.environ))

    def _words(self, event: Event) -> str:
        """What is said: titles and names of models, never anything of a message."""
        match event:
            case Notice(calls=True, severity="error"):  # what a server said may hold anything
                return _("A job of the queue failed.")
            case Notice(calls=True):
                return event.text
            case ReplyEnded(message=message) if clock.now() - message.created_at >= LONG:
                return self._ending(event.session_id, message.state)
        return ""

    def _ending(self, session_id: str, state: str) -> str:
        session = self._conversations.opened([session_id]).get(session_id)
        text = {
            "complete": _("{title}: the answer is there."),
            "interrupted": _("{title}: the answer was interrupted."),
            "failed": _("{title}: there was no answer."),
        }.get(state)
        return text.format(title=session.title) if text and session else ""
