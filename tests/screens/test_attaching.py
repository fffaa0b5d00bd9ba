"""Files that go with a message, through keys."""

import base64
from pathlib import Path

import pytest
from textual.events import Paste

import fake_models
from fake_ollama import FakeOllama
from tui.domain import clock
from user import User, chatting

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 1_992


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeOllama) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "cat.png").write_bytes(PICTURE)
    (folder / "two cats.png").write_bytes(PICTURE)
    (folder / "notes.txt").write_text("Remember the milk.\n")
    monkeypatch.chdir(folder)
    for model in fake.models.values():
        model["capabilities"].append("vision")
    fake.reply = "I see."
    return folder


def told(fake: FakeOllama) -> list[dict[str, object]]:
    """What the model was last told."""
    bodies = [body for _method, path, body in fake.asked if path == "/api/chat"]
    messages: list[dict[str, object]] = bodies[-1]["messages"]
    return messages


async def test_a_picture_goes_with_the_message(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("What is on @cat.png?")
        assert user.sees("What is on cat.png?")
        assert user.sees("image cat.png, 2 kB")
        sent = [base64.b64encode(PICTURE).decode()]
        assert told(fake) == [{"role": "user", "content": "What is on cat.png?", "images": sent}]
        await user.ask_and_hear("And @two\\ cats.png, is it the same?")
        assert [message.get("images") for message in told(fake)] == [sent, None, sent]
        question = user.stored()[0].messages[0]
        [key] = question.attachments
        assert question.attached[key].name == "cat.png"
        assert [path.name for path in (tmp_path / "data/attachments").iterdir()] == [key]
        assert user.chats.desk.draft == ""
    (folder / "cat.png").unlink()
    async with chatting(tmp_path, fake.url) as user:
        await user.press("escape", "r")
        await user.rest()
        assert [message.get("images") for message in told(fake)] == [sent, None, sent]


async def test_a_model_that_cannot_see_is_not_asked(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    for model in fake.models.values():
        model["capabilities"].remove("vision")
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("What is on @cat.png?")
        await user.until(lambda: user.told)
        assert "llama3.2:3b cannot see images" in user.said
        assert user.prompt == "What is on @cat.png?"
        assert not user.session.messages
        assert not (tmp_path / "data" / "attachments").exists()


async def test_of_a_model_that_is_not_listed_yet_show_tells(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        can_see = user.worker.attachments.can_see
        assert await can_see("local", "llama3.2:3b")
        for name, able in (("blind:1b", ["completion"]), ("seeing:1b", ["completion", "vision"])):
            fake.models[name] = fake_models.make(name, clock.now(), able)
            assert await can_see("local", name) == ("vision" in able)


async def test_a_text_file_is_put_into_the_message(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Sum up @notes.txt")
        said = "Sum up notes.txt\n\nnotes.txt:\n```txt\nRemember the milk.\n```"
        assert told(fake) == [{"role": "user", "content": said}]
        await user.press("up")
        assert user.prompt == "Sum up @notes.txt"


@pytest.mark.parametrize(
    "case",
    [
        ("gone.png", None, "There is no image gone.png"),
        ("fake.png", b"<svg/>", "fake.png is not a PNG, JPEG, WebP or GIF image"),
        ("huge.txt", b"x" * 256_001, "at most 256 kB can go with a message"),
        ("program", b"\x7fELF\0\0", "program is neither text nor an image"),
        ("latin.txt", b"caf\xe9", "latin.txt is neither text nor an image"),
    ],
)
async def test_what_cannot_go_with_a_message_is_said_before_it_is_sent(
    fake: FakeOllama, tmp_path: Path, folder: Path, case: tuple[str, bytes | None, str]
) -> None:
    name, content, why = case
    if content is not None:
        (folder / name).write_bytes(content)
    async with chatting(tmp_path, fake.url) as user:
        await user.ask(f"Look: @{name}")
        await user.until(lambda: user.told)
        assert why in user.said
        assert "Nothing was sent" in user.said
        assert user.prompt == f"Look: @{name}"
        assert not user.session.messages


async def test_words_behind_an_at_sign_are_words(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Use @types/node, says @someone")
        assert told(fake)[0]["content"] == "Use @types/node, says @someone"


async def test_no_word_behind_an_at_sign_is_too_long_to_be_sent(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    style = "@media(max-width:600px){" + ".a{color:red}" * 30 + "}"
    async with chatting(tmp_path, fake.url) as user:
        user.chats.pane.prompt.insert(style)
        await user.press("enter")
        await user.rest()
        assert told(fake)[0]["content"] == style
        await dropped(user, f"/{'a' * 300}.png")
        await user.rest()
        assert user.prompt == f"/{'a' * 300}.png"


async def test_a_question_in_other_words_keeps_the_pictures_it_names(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("See @cat.png")
        await user.press("escape", "k", "e")
        await user.ask_and_hear(" again")
        assert "images" in told(fake)[0]
        await user.press("escape", "k", "e", *["backspace"] * len("cat.png again"))
        await user.ask_and_hear("nothing")
        assert "images" not in told(fake)[0]


async def test_pictures_and_texts_wait_with_their_messages(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("First")
        await user.begins()
        await user.ask("See @cat.png")
        await user.until(lambda: user.session.queued == ["See cat.png"])
        await user.ask("Sum up @notes.txt")
        await user.until(lambda: len(user.session.queued) > 1)
        assert "Remember the milk." in user.session.queued[1]
        assert user.stored()[0].carried
        fake.hold.set()
        await user.until(lambda: "Remember the milk." in str(told(fake)[-1]["content"]))
        assert told(fake)[2]["images"]
        await user.rest()
        assert not user.stored()[0].carried


async def test_a_waiting_message_that_is_edited_says_that_its_pictures_are_not_with_it(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("First")
        await user.begins()
        await user.ask("See @cat.png")
        await user.until(lambda: user.session.queued)
        await user.press("escape", "w")
        await user.sees_soon("Waiting to be sent")
        await user.press("e")
        await user.until(lambda: user.prompt == "See cat.png")
        assert "no longer with it" in user.said
        assert not user.session.carried
        fake.hold.set()


async def test_a_picture_that_is_gone_from_the_store_is_said(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("See @cat.png")
        [kept] = (tmp_path / "data/attachments").iterdir()
        kept.unlink()
        await user.press("escape", "r")
        await user.rest()
        assert user.last.state == "failed"
        assert "An image of this conversation cannot be read" in user.last.error


async def dropped(user: User, text: str) -> None:
    user.chats.pane.prompt.post_message(Paste(text))
    await user.pilot.pause()


async def test_a_picture_dropped_on_the_terminal_is_attached(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        path = str(folder / "two cats.png")
        escaped, url = path.replace(" ", "\\ "), f"file://{path.replace(' ', '%20')}"
        for pasted in (f"'{path}' ", escaped, url):
            await dropped(user, pasted)
            await user.until(lambda: user.prompt.strip() == f"@{escaped}")
            await user.press("ctrl+u")
        await dropped(user, str(folder / "gone.png"))
        await user.rest()
        assert user.prompt == str(folder / "gone.png")
