"""Answers, code and whole conversations taken along: as a copy, or as a file."""

from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from user import User, chatting

TWO = "So:\n\n```python\nprint(1)\n```\n\nOr:\n\n```bash\necho 1\necho 2\n```\n"


def copied(user: User) -> str:
    return (user.home / "state" / "last-copy.txt").read_text()


async def test_of_several_code_blocks_the_user_chooses(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = TWO
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.press("escape", "Y")
        await user.sees_soon("bash · 2 lines · echo 1")
        assert user.sees("python · 1 line · print(1)")
        await user.press("j", "enter")
        await user.until(lambda: user.told)
        assert copied(user) == "echo 1\necho 2"
        await user.press("Y")
        await user.sees_soon("Copy which code?")
        await user.press("escape")
        await user.pilot.pause()
        assert not user.sees("Copy which code?")


async def test_slash_copy_takes_the_answer_and_with_all_the_conversation(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Of cats."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/copy")
        await user.until(lambda: user.told)
        assert copied(user) == "Of cats."
        await user.ask("/copy all")
        await user.until(lambda: "# Cats" in copied(user))
        assert "Of cats." in copied(user)
        await user.ask("/copy that")
        await user.until(lambda: "/copy all the whole" in user.said)


async def test_s_saves_code_under_a_name_of_its_language_and_overwrites_nothing(
    fake: FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    fake.reply = "So:\n\n```python\nprint(1)\n```\n"
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.press("escape")
        for name in ("code.py", "code-2.py"):
            await user.press("s")
            await user.sees_soon("Save the code as")
            await user.press("home", *"~/", "enter")
            await user.until((tmp_path / name).exists)
        assert (tmp_path / "code.py").read_text() == "print(1)\n"
        await user.until(lambda: "code-2.py" in user.said)


async def test_what_cannot_be_saved_says_why(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "So:\n\n```\nplain\n```\n"
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.press("escape", "s")
        await user.sees_soon("code.txt")
        await user.press("ctrl+u")
        await user.type(str(tmp_path / "nowhere" / "x"))
        await user.press("enter")
        await user.until(lambda: user.told)
        assert "Not saved" in user.said
        assert "No such file" in user.said


async def test_without_code_there_is_nothing_to_save(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "No code."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.press("escape", "s")
        await user.until(lambda: user.told)
        assert "no code block" in user.said


async def test_o_tells_what_an_answer_took(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.press("escape", "o")
        await user.sees_soon("About this answer")
        stats = user.last.stats
        assert stats is not None
        assert user.sees(f"{stats.eval_count:,} tokens · ")
        assert user.sees("model     llama3.2:3b")
        assert user.sees("complete · the model had said all (stop)")
        await user.press("o")
        await user.pilot.pause()
        assert not user.sees("About this answer")
        await user.ask("i/details")
        await user.sees_soon("About this answer")
        await user.press("escape")
