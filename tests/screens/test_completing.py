"""Completion in the prompt, through keys."""

from pathlib import Path

import pytest
from textual.events import Key

from fake_ollama import FakeOllama
from tui.screens.chats.completing import Completing
from user import User, chatting


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    (folder / "notes").mkdir(parents=True)
    (folder / "notes" / "one two.txt").write_text("1 2")
    for name in ("alpha.txt", "beta.txt", "Better.md", ".hidden", "bin"):
        (folder / name).write_text(name)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    return folder


def offered(user: User) -> list[str]:
    return [offer.name for offer in user.chats.query_one(Completing).offers]


async def test_tab_completes_a_command(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("/dow")
        await user.press("tab")
        assert user.prompt == "/downloads"
        assert not offered(user)
        await user.press("enter")
        await user.until(lambda: user.app.current_mode == "downloads")


async def test_the_list_stands_above_the_prompt_and_keys_choose(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("/")
        await user.press("tab")
        await user.sees_soon("/new")
        [first] = [y for y, row in enumerate(user.screen) if row.startswith(" ▸ /new")]
        assert user.screen[first + 6] == " ▸ /"
        assert len(offered(user)) > 6
        await user.press("down", "tab", "up", "up", "up")
        await user.sees_soon("▸ /exit")
        await user.press("escape")
        await user.until(lambda: not user.sees("/exit"))
        assert user.prompt == "/"
        assert user.app.focused is user.chats.pane.prompt


async def test_typing_narrows_and_enter_takes(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("/")
        await user.press("tab", *"qui", "enter")
        assert user.prompt == "/quit"
        assert user.app.is_running


async def test_what_fits_nothing_closes_the_list(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("/c")
        await user.press("tab")
        assert offered(user)
        await user.press(*"zzz")
        await user.until(lambda: not offered(user))


async def test_tab_does_nothing_in_a_sentence(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("hello mail@host")
        await user.press("tab")
        assert user.prompt == "hello mail@host"
        assert user.app.focused is user.chats.pane.prompt


async def test_names_of_models_are_completed(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("/model gem")
        await user.press("tab")
        assert user.prompt == "/model gemma3:4b"


async def test_files_are_completed_from_the_current_folder(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("look at @b")
        await user.press("tab")
        await user.until(lambda: offered(user))
        assert {*offered(user)[:3]} == {"beta.txt", "Better.md", "bin"}
        assert ".hidden" not in offered(user)
        await user.type("et")
        await user.press("tab", "enter")
        assert user.prompt in ("look at @beta.txt ", "look at @Better.md ")


async def test_a_folder_goes_on_with_what_is_in_it(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("@no")
        await user.press("tab")
        await user.until(lambda: offered(user) == ["one two.txt"])
        assert user.prompt == "@notes/"
        await user.press("enter")
        assert user.prompt == "@notes/one\\ two.txt "


async def test_enter_right_behind_tab_sends_nothing_unfinished(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("@al")
        for key, character in (("tab", "\t"), ("enter", "\r")):
            user.app.post_message(Key(key, character))
        # If the file is found before enter is looked at, it is sent, as for whoever types slowly.
        await user.until(
            lambda: (
                user.prompt == "@alpha.txt "
                or any("alpha.txt" in message.content for message in user.session.messages)
            )
        )


async def test_the_footer_tells_of_tab_where_a_command_is_begun(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        assert not user.sees("tab complete")
        await user.press("slash")
        await user.sees_soon("tab complete")
        await user.press("backspace")
        await user.until(lambda: not user.sees("tab complete"))


async def test_the_home_is_completed_too(fake: FakeOllama, tmp_path: Path, folder: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("@~/alp")
        await user.press("tab")
        await user.until(lambda: user.prompt == "@~/alpha.txt ")


async def test_a_folder_that_is_not_there_offers_nothing(
    fake: FakeOllama, tmp_path: Path, folder: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("@nowhere/")
        await user.press("tab")
        await user.rest()
        await user.press(*"x", "enter")
        await user.rest()
        assert user.session.messages[0].content == "@nowhere/x"


async def test_the_mouse_chooses_too(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("/")
        await user.press("tab")
        await user.sees_soon("/new")
        name = offered(user)[2]
        await user.pilot.click(Completing, offset=(4, 2))
        assert user.prompt.strip() == name
        assert user.app.focused is user.chats.pane.prompt


async def test_hosts_are_completed_and_then_their_models(fake: FakeOllama, tmp_path: Path) -> None:
    async with (
        FakeOllama(names=("special:1b",)) as lab,
        chatting(tmp_path, {"box": fake.url, "lab": lab.url}) as user,
    ):
        await user.until(lambda: user.worker.hosts.status("lab").models)
        await user.type("/host l")
        await user.press("tab")
        await user.until(lambda: user.prompt == "/host lab")
        await user.press("enter")
        await user.until(lambda: user.session.host == "lab")
        await user.type("/model spe")
        await user.press("tab")
        await user.until(lambda: user.prompt == "/model special:1b")
