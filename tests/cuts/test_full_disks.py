"""Disks that are full and folders that take nothing, as the program on the screen meets them."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from soaking import clock
from stored import answers
from terminal import Terminal

READY = "llama3.2:3b"
QUIT = "\x11"
WHOLE = "Once upon a time, long ago."
FREE = 64 * 1024


def limit(terminal: Terminal, size: int) -> None:
    """No file of the program may grow beyond a size: for it the disk is full."""
    resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


async def begin(terminal: Terminal, fake: FakeOllama) -> None:
    """Have the program in the middle of an answer."""
    fake.reply = WHOLE
    fake.hold.clear()
    await terminal.until(READY)
    terminal.press("A story\r")
    await terminal.until("Once")


async def test_a_disk_that_fills_up_in_mid_answer_and_has_room_again(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await begin(terminal, fake)
        limit(terminal, 0)
        tell = clock()
        fake.hold.set()
        await terminal.until("Cannot write")
        tell("no file may grow: said after")
        await terminal.until(WHOLE)
        terminal.press("And then?\r")
        await terminal.until(lambda: terminal.text.count(WHOLE) == 2)
        limit(terminal, resource.RLIM_INFINITY)
        tell = clock()
        await terminal.until("everything is saved")
        tell("they may again: all was written after")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    assert [(each.content, each.state) for each in answers(tmp_path)] == [(WHOLE, "complete")] * 2
    assert b"Not everything" not in terminal.output
    assert not [*tmp_path.glob("data/sessions/*.journal")]


async def test_leaving_with_a_full_disk_says_so_and_keeps_what_was_on_it(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await begin(terminal, fake)
        limit(terminal, 0)
        fake.hold.set()
        await terminal.until("Cannot write")
        await terminal.until(WHOLE)
        terminal.press(QUIT)
        await terminal.exit_code()
    assert "Not everything could be saved" in terminal.text
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("interrupted")
        assert terminal.has("Once")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few kilobytes, where one can be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    options = f"size={FREE}"
    mounted = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False)
        if shutil.which("mount")
        else None
    )
    if mounted is None or mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_small_file_system_fills_up_and_is_given_room(
    fake: FakeOllama, small: Path
) -> None:
    ballast = small / "ballast"
    async with Terminal("--host", fake.url, home=small) as terminal:
        await begin(terminal, fake)
        fill(ballast)
        tell = clock()
        fake.hold.set()
        await terminal.until("No space left")
        tell("full file system: said after")
        await terminal.until(WHOLE)
        ballast.unlink()
        tell = clock()
        await terminal.until("everything is saved")
        tell("given room: all was written after")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    assert [(each.content, each.state) for each in answers(small)] == [(WHOLE, "complete")]


async def test_a_folder_that_becomes_read_only_in_mid_answer_and_is_mended(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await begin(terminal, fake)
        with read_only(tmp_path / "data"):
            tell = clock()
            fake.hold.set()
            await terminal.until("Read-only file system")
            tell("folder made read-only: said after")
            await terminal.until(WHOLE)
        tell = clock()
        await terminal.until("everything is saved")
        tell("writable again: all was written after")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    assert [(each.content, each.state) for each in answers(tmp_path)] == [(WHOLE, "complete")]


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder once more over itself, for reading only: that binds root too."""
    bind = ["mount", "--bind", str(folder), str(folder)]
    if not shutil.which("mount") or subprocess.run(bind, check=False).returncode:
        pytest.skip("no folder can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(file: Path) -> None:
    """Take all the room there is."""
    with file.open("wb", buffering=0) as ballast:
        try:
            while ballast.write(bytes(4096)) == 4096:
                pass
        except OSError:
            return


@pytest.mark.parametrize("places", [("data",), ("data", "state", "config", "cache")])
async def test_folders_that_cannot_be_are_told_of_and_the_chat_goes_on(
    fake: FakeOllama, tmp_path: Path, places: tuple[str, ...]
) -> None:
    fake.reply = WHOLE
    for name in places:  # root may write everywhere, but not below a file
        (tmp_path / name).write_bytes(b"")
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("A story\r")
        await terminal.until("Cannot write")
        await terminal.until(WHOLE)
        for name in places:
            (tmp_path / name).unlink()
        await terminal.until("everything is saved")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    assert [(each.content, each.state) for each in answers(tmp_path)] == [(WHOLE, "complete")]


async def test_a_home_that_cannot_be_does_not_keep_anyone_from_chatting(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = WHOLE
    home = tmp_path / "home"
    home.write_bytes(b"")
    async with Terminal("--host", fake.url, home=home) as terminal:
        await terminal.until(READY)
        terminal.press("A story\r")
        await terminal.until("Cannot write")
        await terminal.until(WHOLE)
        terminal.press(QUIT)
        await terminal.exit_code()
    assert "Not everything could be saved" in terminal.text
    assert b"Traceback" not in terminal.output
