"""The library of prompts, and the prompt as the model gets it."""

from pathlib import Path

from fake_ollama import FakeOllama
from user import User, chatting


def write(home: Path, name: str, text: str) -> None:
    folder = home / "data" / "prompts"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


async def opened(user: User) -> None:
    await user.ask("/prompts")
    await user.sees_soon("letters of a title")


async def test_a_prompt_of_the_library_becomes_the_system_prompt(
    fake: FakeOllama, tmp_path: Path
) -> None:
    write(tmp_path, "a.md", "# Pirate\n\nTalk like a pirate.")
    write(tmp_path, "b.md", "# Brief\n\nBe brief.")
    async with chatting(tmp_path, fake.url) as user:
        await opened(user)
        assert user.sees("Brief  Be brief.")
        await user.type("pir")
        assert not user.sees("Be brief.")
        await user.press("enter")
        await user.until(lambda: user.session.system == "Talk like a pirate.")


async def test_a_prompt_is_put_where_one_is_typing(fake: FakeOllama, tmp_path: Path) -> None:
    write(tmp_path, "a.md", "# Explain\n\nExplain this:")
    async with chatting(tmp_path, fake.url) as user:
        await opened(user)
        await user.press("tab")
        await user.until(lambda: user.prompt == "Explain this:")
        await user.type(" x")
        assert user.prompt == "Explain this: x"
        assert user.session.system == ""


async def test_a_system_prompt_is_kept_for_other_chats(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/prompts save Brief")
        await user.until(lambda: "/set system" in user.said)
        await user.ask("/set system Be brief.")
        await user.ask("/prompts save Brief")
        await user.rest()
        kept = tmp_path / "data" / "prompts" / "Brief.md"
        assert kept.read_text() == "# Brief\n\nBe brief.\n"
        await opened(user)
        assert user.sees("Brief  Be brief.")


async def test_an_empty_library_says_how_to_fill_it(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await opened(user)
        assert user.sees("Nothing here yet. /prompts save TITLE")


async def test_the_prompt_of_a_question_can_be_read(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "Meow."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set system Be brief.")
        await user.ask_and_hear("Cats?")
        await user.press("escape", "P")
        await user.sees_soon("<|user|>Cats?")
        assert user.sees("<|system|>Be brief.")
        assert fake.replies == 1
        await user.press("escape", "i")
        await user.ask("/prompt Dogs?")
        await user.sees_soon("<|user|>Dogs?")


async def test_a_server_that_does_not_tell_its_prompt(fake: FakeOllama, tmp_path: Path) -> None:
    fake.renders = False
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/prompt Dogs?")
        await user.until(lambda: user.told)
        assert "does not tell its prompts" in user.said
        assert fake.asked[-1][2]["options"]["num_predict"] == 1


async def test_nothing_asked_has_no_prompt(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/prompt")
        await user.until(lambda: user.told)
        assert "Nothing has been asked yet" in user.said
