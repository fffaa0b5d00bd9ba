"""The embedded engine, as the programs that use it see it: one for all, as long as one is there."""

import asyncio
import importlib.util
import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import tiny_gguf
from eventually import eventually
from program import Program
from tui.api.errors import ModelNotFound
from tui.domain.modelfile import parse
from tui.domain.status import EMBEDDED
from tui.worker.engine import EngineTrouble
from tui.worker.recipe import recipe

needs_engine = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("starlette", "uvicorn", "xllamacpp")),
    reason="the extra `local` is not installed",
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home that the engine shares; none of its engines is left behind."""
    monkeypatch.setenv("OLLAMA_TUI_HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    if (tmp_path / "state" / "engine.json").exists():
        os.kill(pid(tmp_path), signal.SIGKILL)


def pid(home: Path) -> int:
    return int(json.loads((home / "state" / "engine.json").read_bytes())["pid"])


def gone(number: int) -> bool:
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def without_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "xllamacpp" else find(name)
    )


async def test_without_the_extra_the_engine_is_not_offered_and_says_what_to_do(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_engine(monkeypatch)
    async with Program(home) as program:
        assert EMBEDDED not in program.hosts.names()
        status = program.hosts.status(EMBEDDED)
        assert status.state == "down"
        assert "[local]" in status.error
        with pytest.raises(EngineTrouble, match="not installed"):
            await program.hosts.client(EMBEDDED)
        program.hosts.use(EMBEDDED)
        await program.worker.idle()
        assert any("[local]" in text for text in program.notices)


@pytest.mark.parametrize("note", [b"", b"{", b'{"socket":"\xff","pid":1}'])
async def test_a_note_that_cannot_be_read_is_that_of_no_engine(tmp_path: Path, note: bytes) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "engine.json").write_bytes(note)
    async with Program(tmp_path) as program:
        assert await program.worker.engine.running() is None


@needs_engine
async def test_nothing_is_started_before_it_is_wanted(home: Path) -> None:
    async with Program(home) as program:
        assert program.hosts.names()[-1] == EMBEDDED
        assert "enter starts it" in program.hosts.status(EMBEDDED).error
        program.worker.start()
        await program.worker.idle()
        assert not (home / "state" / "engine.json").exists()


@needs_engine
async def test_two_programs_share_an_engine_that_ends_with_the_last_of_them(home: Path) -> None:
    async with Program(home) as program:
        program.worker.start()
        program.hosts.use(EMBEDDED)
        await eventually(lambda: program.hosts.status(EMBEDDED).state == "up", "the engine")
        engine = pid(home)
        assert program.hosts.status(EMBEDDED).models == ()
        async with Program(home) as other:
            other.worker.start()
            client = await other.hosts.client(EMBEDDED)
            assert await client.version() == program.hosts.status(EMBEDDED).version
            assert pid(home) == engine
            with pytest.raises(ModelNotFound, match="the embedded engine has no model nope"):
                await client.show("nope")
        client = await program.hosts.client(EMBEDDED)
        await client.version()
        began = time.monotonic()
    assert time.monotonic() - began < 1.5
    await eventually(lambda: gone(engine), "the engine's end", 3)
    assert not (home / "state" / "engine.json").exists()


@needs_engine
async def test_the_engine_outlives_the_program_that_started_it(home: Path) -> None:
    async with Program(home) as other:
        async with Program(home) as program:
            await program.hosts.client(EMBEDDED)
            engine = pid(home)
            await (await other.hosts.client(EMBEDDED)).version()
        assert not gone(engine)
        await (await other.hosts.client(EMBEDDED)).version()
    await eventually(lambda: gone(engine), "the engine's end", 3)


@needs_engine
async def test_an_engine_that_dies_shows_at_once_and_is_started_again_when_wanted(
    home: Path,
) -> None:
    async with Program(home) as program:
        program.worker.start()
        await program.hosts.client(EMBEDDED)
        await eventually(lambda: program.hosts.status(EMBEDDED).state == "up", "the engine")
        engine, address = pid(home), program.hosts.status(EMBEDDED).address
        os.kill(engine, signal.SIGKILL)
        await eventually(lambda: program.hosts.status(EMBEDDED).state == "down", "its end", 3)
        client = await program.hosts.client(EMBEDDED)
        await client.version()
        assert pid(home) != engine
        await eventually(lambda: program.hosts.status(EMBEDDED).state == "up", "the new engine")
        assert program.hosts.status(EMBEDDED).address != address
    await eventually(lambda: [*home.glob("ot-*/engine")] == [], "the sockets' removal", 3)


@needs_engine
async def test_two_programs_that_start_it_at_the_same_moment_get_the_same(home: Path) -> None:
    async with Program(home) as one, Program(home) as two:
        clients = await asyncio.gather(one.hosts.client(EMBEDDED), two.hosts.client(EMBEDDED))
        assert clients[0].address == clients[1].address
        assert f"unix:{clients[0].address.socket}" == one.hosts.status(EMBEDDED).address


@needs_engine
async def test_an_engine_that_cannot_start_says_why(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_bytes(b"")
    monkeypatch.setenv("OLLAMA_MODELS", str(home / "file" / "models"))
    async with Program(home) as program:
        program.hosts.use(EMBEDDED)
        await program.worker.idle()
        status = program.hosts.status(EMBEDDED)
        assert status.state == "down"
        assert "did not start" in status.error
        assert str(home / "state" / "log" / "engine.log") in status.error
        assert program.notices == [status.error]
    assert [*home.glob("ot-*")] == []


@needs_engine
async def test_a_model_is_made_renamed_and_counted_on_the_engines_disk(home: Path) -> None:
    weights = home / "tiny.gguf"
    tiny_gguf.write(weights)
    async with Program(home) as program:
        program.worker.start()
        program.hosts.use(EMBEDDED)
        await eventually(lambda: program.hosts.status(EMBEDDED).state == "up", "the engine")
        made = await recipe(parse(f"FROM {weights}\nPARAMETER temperature 0"), home)
        program.worker.pulls.create("tiny:1b", made.request, made.blobs, EMBEDDED)

        def names() -> list[str]:
            return [each.name for each in program.hosts.status(EMBEDDED).models or ()]

        await eventually(lambda: names() == ["tiny:1b"], "the model")
        await program.worker.models.copy(EMBEDDED, "tiny:1b", "twin:1b")
        await eventually(lambda: len(names()) == 2, "its copy")
        disk = await program.worker.disks.read(EMBEDDED)
        assert disk is not None
        assert disk.freed(["tiny:1b"]) == 0
        assert disk.freed(["tiny:1b", "twin:1b"]) == disk.total > weights.stat().st_size
        await program.worker.models.rename(EMBEDDED, "twin:1b", "other:1b")
        await eventually(lambda: sorted(names()) == ["other:1b", "tiny:1b"], "its new name")
