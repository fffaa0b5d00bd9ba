"""Messages sent while an answer comes: they wait, and can be sent at once, changed or removed."""

from pathlib import Path

from fake_ollama import FakeOllama
from user import User, chatting


def questions(user: User) -> list[str]:
    return [m.content for m in user.session.branch() if m.role == "user"]


async def two_waiting(user: User) -> None:
    await user.ask("First")
    await user.begins()
    await user.ask("Second")
    await user.ask("Third")
    await user.sees_soon("· 2 waiting: Third")


async def test_messages_wait_in_sight_and_follow_one_after_another(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await two_waiting(user)
        assert user.sees("· 1 waiting: Second")
        assert user.prompt == ""
        assert user.session.queued == ["Second", "Third"]
        fake.hold.set()
        await user.rest()
        assert questions(user) == ["First", "Second", "Third"]
        assert user.last.role == "assistant"
        assert not user.sees("waiting")


async def test_of_many_the_last_line_tells_how_many_more(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await two_waiting(user)
        await user.ask("Fourth")
        await user.ask("Fifth")
        await user.sees_soon("· 2 more")
        assert user.sees("2 waiting: Third")
        assert not user.sees("3 waiting")


async def test_after_a_stop_they_wait_on_and_say_so(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await two_waiting(user)
        await user.press("ctrl+c")
        await user.rest()
        assert user.sees("1 not sent: Second")
        assert user.stored()[0].queued == ["Second", "Third"]
    fake.hold.set()
    async with chatting(tmp_path, fake.url) as user:
        await user.sees_soon("1 not sent: Second")
        await user.press("escape", "w")
        await user.sees_soon("Waiting to be sent")
        await user.press("enter")
        await user.rest()
        assert questions(user) == ["First", "Second", "Third"]


async def test_one_that_is_sent_now_stops_the_answer_and_keeps_it(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await two_waiting(user)
        await user.press("escape", "w")
        await user.sees_soon("Waiting to be sent")
        assert user.sees("enter send now   e edit   d remove   esc cancel")
        fake.hold.set()
        fake.tps = 1
        await user.press("j", "enter")
        await user.until(lambda: questions(user) == ["First", "Third"])
        cut = user.session.branch()[1]
        assert (cut.state, bool(cut.content)) == ("stopped", True)
        assert user.session.queued == ["Second"]
        assert user.worker.replies.running(user.session.id)


async def test_one_can_be_taken_back_into_the_prompt_and_one_removed(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await two_waiting(user)
        await user.type("draft")
        await user.press("escape", "w")
        await user.sees_soon("Waiting to be sent")
        await user.press("e")
        await user.until(lambda: user.prompt == "Second\n\ndraft")
        await user.press("escape", "w")
        await user.sees_soon("Waiting to be sent")
        await user.press("d")
        await user.until(lambda: not user.session.queued)
        await user.press("w")
        await user.pilot.pause()
        assert not user.sees("Waiting to be sent")


async def test_slash_waiting_shows_them_too(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await two_waiting(user)
        await user.ask("/waiting")
        await user.sees_soon("Waiting to be sent")
        fake.hold.set()
        await user.rest()
        await user.press("d")
        await user.until(lambda: user.told)
        assert "sent meanwhile" in user.said
