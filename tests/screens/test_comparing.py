"""The same question to several models, and their answers side by side."""

from pathlib import Path

from fake_ollama import FakeOllama
from user import User, chatting


async def two_answers(user: User, fake: FakeOllama) -> None:
    """One of each model, the second shown."""
    fake.reply = "The first answer."
    await user.ask_and_hear("Hi")
    fake.reply = "The second answer."
    await user.press("escape", "m")
    await user.sees_soon("Who else is to answer?")
    await user.press("enter")
    await user.rest()


async def test_m_asks_another_model_the_same(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_answers(user, fake)
        assert user.sees("qwen3:8b  ‹2/2›")
        assert user.sees("The second answer.")
        assert user.session.model == "llama3.2:3b"
        await user.press("left")
        await user.sees_soon("llama3.2:3b  ‹1/2›")


async def test_space_marks_several_and_those_that_wait_are_told(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Hello, you."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.press("escape", "m")
        await user.sees_soon("Who else is to answer?")
        assert not user.sees("· llama3.2:3b")
        fake.hold.clear()
        await user.press("space", "space", "k")
        await user.sees_soon("✓ gemma3:4b")
        await user.press("enter")
        await user.sees_soon("· queued: gemma3:4b")
        fake.hold.set()
        await user.rest()
        assert user.sees("gemma3:4b  ‹3/3›")
        assert not user.sees("queued")


async def test_ask_all_asks_and_lets_others_answer_too(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/ask-all")
        await user.until(lambda: user.told)
        assert "no question yet" in user.told[-1]
        fake.hold.clear()
        await user.ask("/ask-all How are you?")
        await user.sees_soon("Who else is to answer?")
        await user.press("enter")
        await user.sees_soon("· queued: qwen3:8b")
        await user.ask("/ask-all More?")
        await user.until(lambda: user.prompt == "/ask-all More?")
        fake.hold.set()
        await user.rest()
        assert [m.model for m in user.session.messages[1:]] == ["llama3.2:3b", "qwen3:8b"]
        assert user.session.branch()[0].content == "How are you?"


async def test_v_shows_two_answers_side_by_side(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_answers(user, fake)
        await user.press("v")
        await user.until(
            lambda: any("first answer" in row and "second answer" in row for row in user.screen),
            "both in one row",
        )
        assert user.sees("‹1/2›")
        assert user.sees("‹2/2›")
        await user.press("escape")
        await user.until(lambda: user.app.screen is user.chats)


async def test_in_a_narrow_window_one_stands_below_the_other(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url, size=(80, 24)) as user:
        await two_answers(user, fake)
        await user.press("vertical_line")
        await user.sees_soon("The first answer.")
        await user.sees_soon("The second answer.")
        assert not any("first answer" in row and "second" in row for row in user.screen)
        await user.press("q")
        await user.until(lambda: user.app.screen is user.chats)


async def test_both_scroll_together_and_arrows_bring_a_third(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.thinking = "Let me see.\n\nHidden thought."
    for model in fake.models.values():
        model["capabilities"].append("thinking")
    async with chatting(tmp_path, fake.url, size=(120, 20)) as user:
        await two_answers(user, fake)
        fake.reply = "".join(f"Row {n}.\n\n" for n in range(40))
        await user.press("r")
        await user.rest()
        await user.press("v")
        await user.sees_soon("Row 0.")
        assert user.sees("second answer")
        await user.press("j", "j", "j", "pagedown")
        await user.until(lambda: not user.sees("Row 0."))
        await user.press("g", "t")
        await user.sees_soon("Hidden thought.")
        await user.press("right")
        await user.sees_soon("first answer")
        await user.press("G", "k", "pageup")


async def test_a_single_answer_has_nothing_beside_it(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.press("escape", "v")
        await user.pilot.pause()
        assert user.app.screen is user.chats


async def test_an_answer_on_its_way_grows_beside_the_other(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "The first answer."
    async with chatting(tmp_path, fake.url, size=(120, 30)) as user:
        await user.ask_and_hear("Hi")
        fake.reply = "The second answer. " + "More. " * 30 + "The very end."
        fake.hold.clear()
        await user.press("escape", "m")
        await user.sees_soon("Who else is to answer?")
        await user.press("enter")
        await user.begins()
        await user.press("v")
        await user.sees_soon("‹1/2›")
        assert user.sees("The first answer.")
        assert not user.sees("The very end.")
        fake.hold.set()
        await user.sees_soon("The very end.")
        await user.rest()
        assert user.sees("qwen3:8b  ‹2/2›")
