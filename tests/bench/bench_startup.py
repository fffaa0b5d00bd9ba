"""What it costs to start, beside the smallest useful Textual app in the same minute.

Ratios count: absolute numbers vary twofold with whatever else the machine does.
"""

import statistics
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ptybench import Program
from ptyprocess import TUI
from served import served
from tui.domain import clock
from tui.domain.session import Message, Session, new_id
from tui.store.session_file import encode

ROOT = Path(__file__).resolve().parents[2]
HELLO = (sys.executable, str(Path(__file__).with_name("hello.py")))
NOBODY = "http://127.0.0.1:9"
ROUNDS = 9
DEAREST = 1.5
"""Times hello's CPU that the program may take until a key shows."""
IDLE_SECONDS = 20.0
MOST_MEMORY = 50.0
MOST_DISTRIBUTIONS = 25
MOST_MEGABYTES = 20.0


@pytest.fixture(autouse=True)
def _far_from_the_internet() -> None:
    """Not these: what is installed comes from the package index."""


def settled(folder: Path, name: str) -> Path:
    """The home of someone who has chatted before: one conversation lies open."""
    home = folder / name
    session = Session(model="llama3.2:3b")
    question = Message(id=new_id(), parent=None, role="user", content="Hi", created_at=clock.now())
    session.add(question)
    session.add(
        Message(
            id=new_id(),
            parent=question.id,
            role="assistant",
            content="Hello, **you**.",
            created_at=clock.now(),
            model=session.model,
        )
    )
    file = home / "data" / "sessions" / f"{session.id}.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(encode(session))
    with Program([*TUI, "--host", NOBODY, "--session", session.id], home=home) as program:
        program.wait_for("Hello, you.")
        program.send("\x11")
        program.wait_until(lambda: not program.alive)
    return home


def interactive(command: Sequence[str], home: Path, shown: str) -> tuple[float, int]:
    """CPU seconds until a key shows, and the bytes drawn until then."""
    with Program(command, home=home) as program:
        program.wait_for(shown)
        program.send("xyz")
        program.wait_for("xyz")
        return program.cpu(), program.total


def rounds(ours: Callable[[], tuple[float, int]], folder: Path, what: str) -> float:
    """Side by side, in turns; the ratio of the medians of CPU."""
    pairs = [(interactive(HELLO, folder, "type here"), ours()) for _ in range(ROUNDS)]
    floor = statistics.median(hello[0] for hello, _ours in pairs)
    cpu = statistics.median(ours[0] for _hello, ours in pairs)
    size = statistics.median(ours[1] for _hello, ours in pairs)
    ratio = cpu / floor
    print(f"\n{what}: {cpu:.3f} s CPU, hello {floor:.3f} s, ratio {ratio:.3f}; {size:.0f} bytes")
    return ratio


def test_a_key_shows_soon_with_a_conversation_open(tmp_path: Path) -> None:
    home = settled(tmp_path, "home")
    command = [*TUI, "--host", NOBODY]
    ratio = rounds(
        lambda: interactive(command, home, "Hello, you."), tmp_path, "a conversation, no server"
    )
    assert ratio <= DEAREST


def test_a_key_shows_soon_with_a_server(tmp_path: Path) -> None:
    home = settled(tmp_path, "home")
    with served() as url:
        command = [*TUI, "--host", url]
        ratio = rounds(
            lambda: interactive(command, home, "Hello, you."), tmp_path, "a conversation, a server"
        )
    assert ratio <= DEAREST


def test_an_idle_program_sends_nothing(tmp_path: Path) -> None:
    home = settled(tmp_path, "home")
    with served() as url, Program([*TUI, "--host", url], home=home, COLORTERM="") as program:
        program.wait_for("Hello, you.")
        program.settle(2.0)
        spent = program.spending()
        size = program.run_for(IDLE_SECONDS)
        cpu = 100 * spent().cpu / IDLE_SECONDS
        memory = program.rss()
        print(f"\nidle: {size} bytes in {IDLE_SECONDS:.0f} s, {cpu:.2f} % CPU, {memory:.1f} MiB")
    assert size == 0
    assert memory <= MOST_MEMORY


def test_an_installed_client_is_small(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    packages = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    before = {*packages.iterdir()}
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-compile"]
    subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), str(ROOT)], check=True)
    added = {*packages.iterdir()} - before
    count = sum(each.name.endswith(".dist-info") for each in added)
    size = sum(
        file.stat().st_size
        for each in added
        for file in (each.rglob("*") if each.is_dir() else [each])
        if file.is_file() and file.suffix != ".pyc"
    )
    print(f"\ninstalled: {count} distributions, {size / 1e6:.1f} MB without bytecode")
    assert count <= MOST_DISTRIBUTIONS
    assert size <= MOST_MEGABYTES * 1e6
