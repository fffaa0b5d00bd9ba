"""What is drawn of downloads, at any size of the window."""

import io
import os

import msgspec
import pytest

from ptyscreen import Display as Screen
from recordings import Recording, load, names
from tui.commands.output import cells
from tui.commands.progress import LineDisplay, TerminalDisplay
from tui.domain.pulls import Layer, Progress, Pull, State


class Window(io.StringIO):
    """A terminal of a given size that remembers what was written."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__()
        self.screen = Screen(columns, lines)

    def fileno(self) -> int:
        return -1

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.screen.feed(text.replace("\n", "\r\n").encode())
        return super().write(text)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.screen.text().splitlines() if line.strip()]


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Window:
    """60 columns, 12 lines."""
    size = os.terminal_size((60, 12))
    monkeypatch.setattr("os.get_terminal_size", lambda _number: size)
    return Window(60, 12)


def job(number: int, state: State = "downloading") -> Pull:
    layers = (Layer(digest=f"sha256:{number:064x}", total=4_000_000_000, completed=10**9),)
    name = f"hf.co/somebody-with-a-long-name/a-model-with-a-long-name-{number}:Q4_K_M"
    current = layers[0].digest if state == "downloading" else ""
    return Pull(id=str(number), name=name, state=state, layers=layers, current=current, speed=1e8)


def test_a_narrow_window_has_name_share_size_and_time(window: Window) -> None:
    display = TerminalDisplay(window)
    display.show([job(1)])
    display.show([job(1)])
    head, layer = window.lines
    assert head.endswith("25 %  1.0/4.0 GB  0:30")
    assert head.startswith("hf.co/somebody")
    assert layer.split()[0] == "0" * 12
    assert max(map(len, window.lines)) < 60


def test_more_jobs_than_lines_are_told_as_a_number(window: Window) -> None:
    display = TerminalDisplay(window)
    jobs = [job(1), job(2), *(job(number, "queued") for number in range(3, 53))]
    display.show(jobs)
    assert len(window.lines) == 5
    assert window.lines[-1] == "and 50 more, 50 waiting"


def test_all_jobs_have_a_line_at_the_end(window: Window) -> None:
    display = TerminalDisplay(window)
    display.show([job(number, "done") for number in range(50)])
    display.close()
    assert window.getvalue().count("done, 4.0 GB") == 50


def test_nothing_is_written_while_nothing_changes(window: Window) -> None:
    display = TerminalDisplay(window)
    display.show([job(1)])
    written = window.getvalue()
    display.show([job(1)])
    assert window.getvalue() == written


def test_texts_of_servers_cannot_steer_the_terminal(window: Window) -> None:
    display = TerminalDisplay(window)
    display.show([Pull(id="1", name="x", state="downloading", status="bad\x1b[2J\nline")])
    assert "bad␛[2J line" in " ".join(window.lines)


PATHS = ("/api/pull", "/api/push", "/api/create")
STREAMS = [each for each in map(load, names()) if each.path in PATHS and each.lines]


@pytest.mark.parametrize("recording", STREAMS, ids=[each.name for each in STREAMS])
def test_every_recorded_stream_can_be_shown(recording: Recording, window: Window) -> None:
    lines = io.StringIO()
    displays = TerminalDisplay(window), LineDisplay(lines)
    now = Pull(id="1", name=recording.model or "x")
    for line in recording.lines:
        now = now.after(msgspec.convert(line, Progress))
        for display in displays:
            display.show([now])
        assert len(window.lines) <= 11
        assert all(cells(each) < 60 for each in window.lines)
    assert 0 < lines.getvalue().count("\n") <= 40
