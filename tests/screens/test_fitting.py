"""What is said of the context before and after a question that is too long, and of JSON."""

from pathlib import Path

from fake_ollama import FakeOllama
from user import User, chatting


async def write(user: User, text: str) -> None:
    """As a paste does it."""
    user.chats.pane.prompt.load_text(text)
    await user.pilot.pause()


async def test_what_will_not_fit_is_said_before_it_is_sent(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "word " * 40
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter num_ctx 200")
        await user.ask_and_hear("Hi")
        await write(user, "word " * 80)
        assert not user.sees("too long")
        await write(user, "word " * 140)
        await user.sees_soon("tokens too long · the oldest")
        await write(user, "word " * 400)
        await user.sees_soon("the server cuts it or refuses it")
        await write(user, "")
        await user.until(lambda: not user.sees("too long"))


async def test_a_command_is_not_told_to_the_model_and_fits(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter num_ctx 20")
        await write(user, "/set system " + "word " * 100)
        await user.pilot.pause(0.3)
        assert not user.sees("too long")


async def test_an_answer_that_did_not_see_all_is_marked(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "word " * 20
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter num_ctx 60")
        await user.ask_and_hear("Hi")
        await user.ask_and_hear("And then?")
        assert user.last.unseen == 0
        await user.until(lambda: user.worker.hosts.status("local").running)
        await user.ask_and_hear("And then?")
        assert user.last.unseen > 0
        assert user.sees("older messages were not seen")
        assert user.stored()[0].messages[-1].unseen == user.last.unseen


async def test_json_is_made_readable(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = '{"name": "Ann", "pets": ["Rex"]}'
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set format json")
        await user.ask_and_hear("Who?")
        assert user.sees('  "pets": [')
        assert not user.sees("not in the form")
        assert user.last.content == fake.reply


async def test_an_answer_in_another_form_than_asked_for_is_marked(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = '{"name": "Ann"}'
    async with chatting(tmp_path, fake.url) as user:
        await user.ask('/set format {"type": "object", "required": ["age"]}')
        await user.ask_and_hear("Who?")
        assert user.sees("not in the form asked for: age is missing")
        fake.reply = "Ann."
        await user.ask_and_hear("/regenerate")
        assert user.sees("not in the form asked for: no JSON")
        await user.ask("/set noformat")
        await user.ask_and_hear("/regenerate")
        assert not user.sees("not in the form")
