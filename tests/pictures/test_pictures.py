"""The pictures of the README: each screen as it should look."""

from datetime import timedelta
from pathlib import Path

import pytest

import still_fleet
from shooting import FOLDER, Shoot
from still_life import AGAIN, NOW, at_home, script_servers, stop_clock, time_that_stands
from user import NOBODY, User, started

LARGE, USUAL, SMALL = (120, 40), (80, 24), (40, 15)


def test_the_readme_shows_the_four_screens_and_what_several_hosts_do() -> None:
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    for name in ("chat", "models", "downloads", "hosts", "fleet", "comparison"):
        assert f"(screenshots/{name}.svg)" in readme


async def answering(user: User, patch: pytest.MonkeyPatch) -> None:
    """A second answer is on its way, for three seconds."""
    await user.until(lambda: user.app.focused is user.chats.pane.prompt, "the prompt")
    user.chats.pane.prompt.load_text(AGAIN)
    await user.press("enter")
    await user.until(lambda: user.sees("answering") and user.sees("计数器就加"), "an answer")
    stop_clock(patch, NOW + timedelta(seconds=3))
    await user.sees_soon("answering 3 s")


@pytest.mark.parametrize(
    ("name", "size"), [("chat", LARGE), ("chat-80x24", USUAL), ("chat-40x15", SMALL)]
)
async def test_a_chat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot, name: str, size: tuple[int, int]
) -> None:
    async with at_home(tmp_path, monkeypatch, size) as user:
        await answering(user, monkeypatch)
        await shoot(user.pilot, name)


async def test_the_list_of_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot
) -> None:
    async with at_home(tmp_path, monkeypatch, LARGE) as user:
        await answering(user, monkeypatch)
        await user.press("ctrl+r")
        await user.sees_soon("Haiku about tmux")
        await shoot(user.pilot, "sessions")


async def test_the_model_picker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot
) -> None:
    async with at_home(tmp_path, monkeypatch, LARGE) as user:
        await user.press("ctrl+o")
        await user.sees_soon("Model for this chat")
        await user.type("qwen3")
        await user.sees_soon("not here: enter pulls")
        await shoot(user.pilot, "picker")


@pytest.mark.parametrize(("name", "size"), [("models", LARGE), ("models-80x24", USUAL)])
async def test_the_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot, name: str, size: tuple[int, int]
) -> None:
    async with at_home(tmp_path, monkeypatch, size) as user:
        await user.press("escape", "2")
        await user.sees_soon("qwen3:14b")
        await user.press("slash", *"qwen3:14b", "enter", "escape")
        if size == LARGE:
            await user.sees_soon("top_k")
        await shoot(user.pilot, name)


async def test_the_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot) -> None:
    async with at_home(tmp_path, monkeypatch, LARGE) as user:
        await user.press("escape", "3")
        await user.sees_soon("log of qwen3:32b")
        await shoot(user.pilot, "downloads")


async def test_the_hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot) -> None:
    settings = tmp_path / "config" / "config.toml"
    settings.parent.mkdir()
    settings.write_text(
        '[hosts.gpu-box-1]\nurl = "gpu-box-1"\nvram = "24 GB"\n'
        '[hosts.workstation]\nurl = "workstation"\nvram = "80 GB"\n'
    )
    async with at_home(tmp_path, monkeypatch, LARGE) as user:
        await user.press("escape", "4")
        await user.sees_soon("workstation")
        await shoot(user.pilot, "hosts")


@pytest.mark.parametrize(
    ("name", "size"), [("fleet", LARGE), ("fleet-80x24", USUAL), ("fleet-40x15", SMALL)]
)
async def test_the_fleet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot, name: str, size: tuple[int, int]
) -> None:
    still_fleet.settle(tmp_path)
    async with at_home(tmp_path, monkeypatch, size, still_fleet.FLEET) as user:
        await user.press("escape", "4")
        await user.sees_soon("workstation")
        await user.press("f")
        await user.sees_soon("llama3.3:70b")
        await user.press(*["j"] * 2, *["right"] * (2 if size != SMALL else 0))
        await shoot(user.pilot, name)


@pytest.mark.parametrize(("name", "size"), [("comparison", LARGE), ("comparison-80x24", USUAL)])
async def test_answers_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot, name: str, size: tuple[int, int]
) -> None:
    async with at_home(tmp_path, monkeypatch, size, still_fleet.FLEET) as user:
        talk = still_fleet.compared()
        user.worker.conversations.adopt(talk)
        await user.ask(f"/load {talk.title}")
        await user.sees_soon("Use a mutex")
        await user.press("escape", "v")
        await user.until(lambda: user.app.screen is not user.chats)
        await user.press("left")
        await user.sees_soon("▸ workstation/qwen2.5")
        await shoot(user.pilot, name)


async def test_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot) -> None:
    async with at_home(tmp_path, monkeypatch, LARGE) as user:
        await user.press("escape", "?")
        await user.sees_soon("Keys")
        await shoot(user.pilot, "keys")


async def test_the_first_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoot: Shoot
) -> None:
    script_servers(monkeypatch)
    with time_that_stands(monkeypatch):
        async with started(tmp_path, NOBODY, size=USUAL) as user:
            await user.sees_soon("not running")
            await shoot(user.pilot, "first-run")
