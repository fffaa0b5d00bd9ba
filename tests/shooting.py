"""Pictures of screens: the README's pictures and the golden files of tests are the same files."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
_RANDOM = re.compile(r"terminal-\d+-")

Shoot = Callable[[Pilot[None], str], Awaitable[None]]


def picture(app: App[None]) -> str:
    """The screen as SVG, without what differs from run to run."""
    return _RANDOM.sub("terminal-", app.export_screenshot(title="ollama-tui", simplify=True))


def compare(app: App[None], name: str, spare: Path, *, retake: bool) -> None:
    """Hold the screen against `screenshots/NAME.svg`, or take that picture again."""
    golden, taken = FOLDER / f"{name}.svg", picture(app)
    if retake:
        golden.write_text(taken, encoding="utf-8")
        return
    known = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if taken != known:
        (spare / f"{name}.svg").write_text(taken, encoding="utf-8")
        raise AssertionError(
            f"the screen is not as in {golden}; it is as in {spare / golden.name}. "
            "If it is meant to look so, `make shoot` takes the pictures again."
        )
