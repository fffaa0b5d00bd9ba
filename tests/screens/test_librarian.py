"""Commands of the prompt that are about models."""

from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from user import chatting


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        ("/discover gemma3:", "gemma3:4b"),
        ("/disk", "cannot be read from here"),
        ("/create", "Create a model"),
        ("/modelfile", "Modelfile of llama3.2:3b"),
        ("/modelfile qwen3:8b", "Modelfile of qwen3:8b"),
        ("/cp qwen3:8b", "Copy qwen3:8b"),
        ("/mv qwen3:8b", "Rename qwen3:8b"),
        ("/rm qwen3:8b gemma3:4b", "Delete 2 models"),
        ("/keep qwen3:8b", "Keep qwen3:8b in memory for"),
        ("/pull", "Pull to local"),
    ],
)
async def test_a_command_acts_on_the_models_it_names(
    fake: FakeOllama, tmp_path: Path, command: str, seen: str
) -> None:
    fake.names = ("llama3.2:3b", "qwen3:8b", "gemma3:4b")
    async with chatting(tmp_path, fake.url) as user:
        await user.ask(command)
        await user.sees_soon(seen)
        assert not fake.replies


async def test_names_behind_pull_are_queued(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/pull some/new a/b not/a/b/name")
        await user.until(lambda: len(user.worker.pulls.all()) == 2)
        assert any("not a model name" in text for text in user.told)
        fake.hold.set()


async def test_a_model_that_is_not_there_is_named(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/stop nobody")
        await user.until(lambda: any("There is no model nobody on" in each for each in user.told))
