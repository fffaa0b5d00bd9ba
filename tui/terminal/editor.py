"""The user's own editor, for texts longer than a prompt."""

import asyncio
import os
import shlex
import tempfile
from pathlib import Path

from textual.app import App, SuspendNotSupported

from tui.domain.language import _


class NoEditor(Exception):
    """No editor could be opened; the text says why."""


async def edited(app: App[object], text: str) -> str:
    """What the user made of `text` in an editor, which has the terminal meanwhile.

    Answers go on streaming: nothing is painted, but the event loop runs. Raises NoEditor.
    """
    command = _editor()
    with tempfile.TemporaryDirectory(prefix="ollama-tui-") as folder:
        file = Path(folder) / "prompt.md"  # a 0700 folder: prompts are nobody else's business
        file.write_text(text, encoding="utf-8")
        try:
            with app.suspend(), app.batch_update():
                process = await asyncio.create_subprocess_exec(*command, str(file))
                status = await process.wait()
        except (OSError, SuspendNotSupported) as error:
            why = _("{editor} could not be opened: {why}. EDITOR names another one.")
            raise NoEditor(why.format(editor=command[0], why=error)) from error
        finally:
            app.refresh(layout=True)
        if status:
            why = _("{editor} ended with status {status}; the prompt is as it was.")
            raise NoEditor(why.format(editor=command[0], status=status))
        return file.read_text(encoding="utf-8", errors="replace").rstrip("\n")


def _editor() -> list[str]:
    """The command, from where `ollama run` looks for it. Raises NoEditor."""
    names = ("OLLAMA_EDITOR", "VISUAL", "EDITOR")
    name = next((name for name in names if os.environ.get(name)), "")
    said = os.environ.get(name, "vi")
    try:
        if command := shlex.split(said):
            return command
    except ValueError:  # a quote without its end
        pass
    raise NoEditor(_("{name} is no command: {said}").format(name=name, said=said))
