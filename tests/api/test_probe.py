"""One look at an address, and at the program on this machine."""

import os
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from http_server import HttpServer, Reply, Request
from tui.api.probe import Probe, find_ollama_program, probe, version_in
from tui.domain.hosts import HostAddress


async def look(address: str, patience: float = 3.0) -> Probe:
    return await probe(HostAddress.parse(address), timeout=patience)


async def test_a_server_that_is_up_tells_its_version(fake: FakeOllama) -> None:
    found = await look(fake.url)
    assert (found.result, found.version, found.error) == ("up", fake.version, None)
    assert 0 < found.latency < 3
    assert [path for _method, path, _body in fake.asked] == ["/api/version"]


@pytest.mark.parametrize(
    ("status", "words", "result"),
    [
        (401, "", "unauthorized"),
        (403, "", "forbidden"),
        (404, "<p>", "not ollama"),
        (500, "x", "error"),
    ],
)
async def test_a_server_that_refuses_is_told_apart(
    fake: FakeOllama, status: int, words: str, result: str
) -> None:
    fake.errors["*"] = (status, words)
    found = await look(fake.url)
    assert (found.result, found.version) == (result, None)
    assert str(found.error)


async def test_nobody_there_is_refused(tmp_path: Path) -> None:
    assert (await look(f"unix:{tmp_path}/none")).result == "refused"


async def test_a_silent_server_is_given_up_in_time() -> None:
    class Silent(HttpServer):
        async def answer(self, request: Request, reply: Reply) -> None:
            await reply.silence()

    async with Silent() as server:
        found = await look(server.url, patience=0.05)
    assert found.result == "timed out"
    assert found.latency < 2


@pytest.mark.parametrize(
    ("output", "version"),
    [
        ("ollama version is 0.32.15\n", "0.32.15"),
        ("Warning: could not connect to a running Ollama instance\n"
         "Warning: client version is 0.33.0-rc2\n", "0.33.0-rc2"),
        ("ollama version is 0.30.0\nWarning: client version is 0.32.15\n", "0.32.15"),
        ("Ollama, the other one\n", ""),
    ],
)  # fmt: skip
def test_the_programs_own_version_is_read(output: str, version: str) -> None:
    assert version_in(output) == version


def place(folder: Path, script: str) -> Path:
    program = folder / "ollama"
    program.write_text(script)
    program.chmod(0o755)
    return program


async def test_the_program_is_found_on_the_search_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = place(tmp_path, "#!/bin/sh\necho 'Warning: client version is 0.32.15' >&2\n")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert await find_ollama_program() == (program, "0.32.15")


async def test_a_program_that_hangs_is_found_without_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = place(tmp_path, "#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("tui.api.probe._PROGRAM_PATIENCE", 0.05)
    assert await find_ollama_program() == (program, "")


async def test_no_program_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await find_ollama_program() is None
    place(tmp_path, "no program at all")
    assert await find_ollama_program() is None
