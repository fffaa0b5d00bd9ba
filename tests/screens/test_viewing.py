"""How conversations look: long code, counts below answers, thoughts, calls of tools."""

from pathlib import Path

from fake_ollama import FakeOllama
from tui.domain.session import Message
from user import User, chatting

LONG = "```\n" + "".join(f"{n:03}." for n in range(60)) + "\n```"


async def test_long_code_wraps_or_runs_on_by_choice(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = LONG
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        assert user.sees("059.")
        await user.press("escape", "z")
        await user.until(lambda: not user.sees("059."), "code that runs on")
        assert user.sees("000.")
        await user.press(*"lllllllllllllllllllllll")  # further than it goes
        await user.sees_soon("059.")
        await user.press("h")
        await user.until(lambda: not user.sees("059."), "eight columns back")
        await user.press("enter")
        await user.ask("/set wordwrap")
        await user.sees_soon("059.")
        assert user.sees("000.")


async def test_how_code_is_seen_is_kept(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = LONG
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set nowordwrap")
        await user.ask_and_hear("Hi")
        assert not user.sees("059.")
    async with chatting(tmp_path, fake.url) as user:
        assert user.sees("000.")
        assert not user.sees("059.")


async def test_verbose_puts_counts_below_each_answer(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set verbose")
        await user.ask_and_hear("Hi")
        await user.press("escape", "G")
        assert any(row.split()[:1] == ["prompt"] and "tok/s" in row for row in user.screen)
        await user.press("enter")
        await user.ask("/set quiet")
        await user.until(lambda: not any(row.split()[:1] == ["prompt"] for row in user.screen))


async def test_thoughts_are_unfolded_one_by_one_or_all_for_good(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.thinking, fake.reply = "Long thoughts. " * 9 + "The last one.", "Yes."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        assert not user.sees("The last one.")
        await user.press("escape", "t")
        await user.sees_soon("The last one.")
        await user.press("t")
        await user.until(lambda: not user.sees("The last one."))
        await user.press("T")
        await user.sees_soon("The last one.")
    async with chatting(tmp_path, fake.url) as user:
        await user.sees_soon("The last one.")
        await user.press("escape", "T")
        await user.until(lambda: not user.sees("The last one."))


async def test_what_a_tool_was_given_and_said_unfolds(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Weather?")
        called = {"function": {"name": "weather", "arguments": {"city": "Paris", "days": 3}}}
        _add(user, role="assistant", content="", tool_calls=[called])
        await user.sees_soon('weather(city="Paris", days=3)')
        await user.press("escape", "t")
        await user.sees_soon('"city": "Paris",')
        _add(user, role="tool", content="Sunny.\n" * 9 + "And rain at the end.")
        await user.sees_soon("result")
        await user.press("j", "t")
        await user.sees_soon("And rain at the end.")


async def test_a_long_question_is_folded_and_unfolds(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        user.chats.pane.prompt.insert("\n".join(f"line {n}" for n in range(1, 101)))
        await user.press("enter")
        await user.rest()
        assert user.last.role == "assistant"
        await user.press("escape", "k")
        await user.sees_soon("100 lines, 791 B in all: t unfolds")
        assert user.sees("line 12")
        assert not user.sees("line 13")
        await user.press("t")
        await user.sees_soon("line 13")


def _add(user: User, **facts: object) -> None:
    last = user.last
    message = {"id": f"{last.id}x", "parent": last.id, "created_at": last.created_at} | facts
    user.worker.conversations.change(
        user.session.id,
        lambda session: session.add(Message(**message)),  # type: ignore[arg-type]  # any field
    )
