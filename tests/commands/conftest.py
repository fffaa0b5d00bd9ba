"""The command line in this very process: what it prints, and how it ends."""

import os
from pathlib import Path

import pytest

from commanding import Done, Ran, command
from fake_ollama import FakeOllama


@pytest.fixture
def ran(
    fake: FakeOllama,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Ran:
    """Runs `ollama-tui` with these words against the fake server, with nothing on stdin."""
    monkeypatch.setenv("OLLAMA_TUI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OLLAMA_HOST", fake.url)
    monkeypatch.delenv("COLUMNS", raising=False)

    async def run(*words: str, stdin: Path = Path(os.devnull)) -> Done:
        with stdin.open() as file:
            monkeypatch.setattr("sys.stdin", file)
            code = await command(*words)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run
