"""What was sent before, through the arrow keys."""

from pathlib import Path

from fake_ollama import FakeOllama
from tui.screens.chats.history import History
from user import chatting


def walk(history: History, *steps: int) -> list[str | None]:
    return [history.step(step) for step in steps]


def test_below_the_newest_stands_what_was_typed() -> None:
    assert walk(History(["a", "b"], ""), -1, -1, -1, 1, 1, 1) == ["b", "a", None, "b", "", None]


def test_what_is_typed_narrows_the_walk() -> None:
    history = History(["write one", "read", "write two"], "write")
    assert walk(history, -1, -1, -1, 1, 1) == ["write two", "write one", None, "write two", "write"]


def test_where_nothing_begins_so_everything_is_walked() -> None:
    assert walk(History(["a", "b"], "c"), -1, -1, 1, 1) == ["b", "a", "b", "c"]


async def test_an_entry_that_was_changed_begins_another_walk_and_loses_nothing(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("write one")
        await user.ask_and_hear("read")
        await user.type("w")
        await user.press("up")
        assert user.prompt == "write one"
        await user.type(" more")
        await user.press("up")
        assert user.prompt == "w"
        await user.press("up")
        assert user.prompt == "read"
        await user.press("down", "down")
        assert user.prompt == "write one more"


async def test_a_long_text_of_the_history_is_walked_past(fake: FakeOllama, tmp_path: Path) -> None:
    long = "word " * 4_000
    async with chatting(tmp_path, fake.url) as user:
        user.worker.workspace.remember("first")
        user.worker.workspace.remember(long)
        await user.rest()
        await user.press("up")
        assert user.prompt == "[pasted 20 kB]"
        await user.press("up")
        assert user.prompt == "first"
        await user.press("down", "down")
        assert user.prompt == ""
