"""Commands of the prompt that are about models."""

from pathlib import Path

import pytest
from textual.binding import Binding

from fake_ollama import FakeOllama
from tui.screens.chats.slash import COMMANDS
from tui.screens.models import ModelsScreen
from tui.widgets.model_table import ModelTable
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
        ("/edit qwen3:8b", "Create a model"),
        ("/write qwen3:8b", "Modelfile of qwen3:8b into a file"),
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


@pytest.mark.parametrize(
    ("action", "command"),
    [
        ("chat", "model"), ("load", "load"), ("unload", "stop"), ("keep", "keep"), ("copy", "cp"),
        ("rename", "mv"), ("delete", "rm"), ("update", "update"), ("update_all", "update"),
        ("push", "push"), ("create", "create"), ("quantize", "quantize"), ("edit", "edit"),
        ("modelfile", "modelfile"), ("export", "write"), ("discover", "discover"),
        ("disk", "disk"), ("pull", "pull"),
    ],
)  # fmt: skip
def test_every_action_on_models_has_a_key_a_place_in_the_palette_and_a_command(
    action: str, command: str
) -> None:
    declared = [
        binding
        for kind in (*ModelsScreen.__mro__, ModelTable)
        for binding in Binding.make_bindings(kind.__dict__.get("BINDINGS", []))
    ]
    (binding, *_others) = [each for each in declared if each.id == f"models.{action}"]
    assert binding.key
    assert binding.tooltip or (binding.show and binding.description), "the palette leaves it out"
    assert any(command in each.names for each in COMMANDS)


async def test_what_cannot_be_quantized_is_told(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/quantize qwen3:8b")
        await user.until(lambda: any("Servers quantize only" in each for each in user.told))


async def test_a_model_that_is_not_there_is_named(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/stop nobody")
        await user.until(lambda: any("There is no model nobody on" in each for each in user.told))


async def test_a_model_that_is_named_is_pulled_again(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/update qwen3:8b")
        await user.until(lambda: [pull.name for pull in user.worker.pulls.all()] == ["qwen3:8b"])
        fake.hold.set()


async def test_the_queue_is_steered_from_the_prompt(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:

        async def asks(command: str) -> dict[str, str]:
            await user.press("1")
            await user.until(lambda: user.app.screen is user.chats)
            user.chats.pane.prompt.focus()
            await user.ask(command)
            await user.until(lambda: user.app.screen is not user.chats)
            await user.pilot.pause()
            return {pull.name: pull.state for pull in user.worker.pulls.all()}

        for name in ("a:1b", "b:1b", "c:1b"):
            user.worker.pulls.add(name)
        await user.ask("/pause b:1b")
        await user.until(lambda: user.sees("paused"))
        assert (await asks("/pause")).keys() == {"a:1b", "b:1b", "c:1b"}
        assert {*(await asks("/pause")).values()} == {"paused"}
        assert "Nothing runs or waits that could be paused." in user.told
        states = await asks("/resume c:1b")
        assert (states["a:1b"], states["c:1b"]) == ("paused", "downloading")
        assert (await asks("/cancel a:1b")).keys() == {"b:1b", "c:1b"}
        assert (await asks("/cancel")).keys() == {"b:1b", "c:1b"}
        await asks("/retry")
        assert "Nothing has failed." in user.told
        fake.hold.set()


async def test_what_the_queue_shows_is_not_told_over_it(fake: FakeOllama, tmp_path: Path) -> None:
    fake.errors["/api/pull"] = (404, "pull model manifest: file does not exist")
    async with chatting(tmp_path, fake.url) as user:
        user.worker.pulls.add("a:1b")
        user.worker.pulls.add("b:1b")
        await user.until(lambda: len(user.told) == 3)
        assert "Nothing is left in the queue" in user.said
        await user.ask("/downloads")
        await user.sees_soon("✗ failed")
        user.worker.pulls.add("c:1b")
        user.worker.pulls.add("d:1b")
        await user.until(lambda: len(user.told) == 4)
        assert "Nothing is left in the queue" in user.said
