"""A host that speaks OpenAI's API, as somebody at the program meets it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from fake_openai import MODEL, FakeOpenAI
from tui.domain.host_settings import HostSetting
from tui.screens.dialogs.settings import SettingsDialog
from tui.screens.hosts import HostsScreen
from tui.screens.models import ModelsScreen
from tui.widgets.rows import Rows
from user import User, chatting, started

REFUSED = "speaks the OpenAI API, which only asks"


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI(models=[MODEL, "Qwen/Qwen3-32B"]) as server:
        yield server


def servers(server: FakeOpenAI) -> dict[str, str]:
    return {"cluster": f"{server.url}/v1"}


async def on(user: User, key: str, page: type) -> None:
    await user.press("escape", key)
    await user.until(lambda: isinstance(user.app.screen, page), page.__name__)
    await user.rest()


def keys(user: User) -> str:
    """What the footer offers."""
    return user.screen[-1]


async def test_a_question_is_asked_answered_and_its_context_shown(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    async with chatting(tmp_path, servers(server), size=(120, 40)) as user:
        assert user.sees(MODEL)
        await user.ask_and_hear("What is 2 + 2?")
        assert user.sees(server.reply)
        assert user.sees("17/32.8k")
        assert (user.session.host, user.session.model) == ("cluster", MODEL)
        await user.press("escape", "i", "escape")
    assert [each.model for each in user.stored()] == [MODEL]


async def test_what_its_models_cannot_have_done_to_them_is_not_offered(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    async with chatting(tmp_path, servers(server), size=(120, 40)) as user:
        await on(user, "2", ModelsScreen)
        await user.sees_soon("served by      vLLM 0.11.0")
        assert user.sees(f"▸ {MODEL}")
        assert user.sees("● loaded")
        assert not user.sees("VRAM")
        assert not user.sees("0 B")
        assert not user.sees("would take")
        for word in ("pull", "delete", "copy", "load", "discover"):
            assert f" {word} " not in keys(user), word
        await user.press("p", "d", "u", "R", "n")
        assert isinstance(user.app.screen, ModelsScreen)
        await user.press("enter")
        await user.sees_soon(f"Ask {MODEL} anything.")


@pytest.mark.parametrize(
    "line", ["/pull llama3.2:3b", "/pull", "/rm", "/cp", "/stop", "/keep", "/push", "/create",
             "/update", "/discover", "/disk", "/save mine"],
)  # fmt: skip
async def test_a_command_for_it_says_at_once_that_it_cannot(
    line: str, server: FakeOpenAI, tmp_path: Path
) -> None:
    async with chatting(tmp_path, servers(server), size=(120, 40)) as user:
        await user.ask(line)
        await user.until(lambda: any(REFUSED in text for text in user.told), line)
        assert user.worker.pulls.all() == []


async def test_the_hosts_page_tells_make_and_version_and_no_memory(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    async with chatting(tmp_path, servers(server), size=(120, 40)) as user:
        await on(user, "4", HostsScreen)
        await user.sees_soon("0.11.0")
        row = next(row for row in user.screen[1:] if "● cluster" in row)
        assert "2 models" in row
        assert f"{server.url}/v1   vLLM" in "\n".join(user.screen)
        loaded = next(row for row in user.screen if row.strip().startswith(MODEL))
        assert "loaded" in loaded
        assert "32,768" in loaded
        assert "memory" not in "\n".join(user.screen)
        await user.press("j")
        assert "unload" not in keys(user)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 15)])
async def test_an_address_that_is_added_is_found_to_speak_it(
    size: tuple[int, int], server: FakeOpenAI, fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url, size=size) as user:
        await on(user, "4", HostsScreen)
        await user.press("a")
        await user.type(server.url)
        await user.press("enter")
        await user.sees_soon("OpenAI API")
        await user.until(lambda: user.sees("vLLM 0.11.0"), "what the test says")
        await user.press("s")
        await user.until(lambda: "127.0.0.1" in user.worker.hosts.names(), "the host")
        setting = user.worker.hosts.configured.draft("127.0.0.1").setting
        assert setting == HostSetting(url=server.url, kind="openai")
        await user.until(
            lambda: user.worker.hosts.status("127.0.0.1").state == "up", "that it is up"
        )


async def test_the_kind_is_set_by_hand_too(
    server: FakeOpenAI, fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, {"local": fake.url}, size=(100, 30)) as user:
        user.worker.hosts.put(user.worker.hosts.configured.draft("gpu").changed("url", server.url))
        await on(user, "4", HostsScreen)
        user.app.screen.query_one(Rows).move_to("gpu")
        await user.press("t")
        await user.until(lambda: any("e, and there t" in text for text in user.told), "the test")
        await user.press("e")
        await user.sees_soon("speaks")
        await user.press("j", "enter")
        await user.sees_soon("OpenAI API")
        await user.press("s")
        await user.until(lambda: user.worker.hosts.status("gpu").state == "up", "that it is up")


async def test_an_option_that_it_does_not_take_is_said_when_it_is_set(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    async with chatting(tmp_path, servers(server), size=(120, 40)) as user:
        await user.ask("/set parameter num_ctx 8192")
        await user.until(lambda: any("vLLM takes none" in text for text in user.told), "it")
        assert not any("loaded anew" in text for text in user.told)
        await user.ask("/set parameter temperature 0.3")
        await user.until(lambda: any("temperature is 0.3" in text for text in user.told), "it")
        await user.ask("/settings")
        await user.sees_soon("Settings of this chat")
        user.app.screen.query_one(Rows).move_to("num_ctx")
        await user.pilot.pause()
        assert user.sees("This server takes none: it is left out.")
        assert "not taken here" in next(row for row in user.screen if "typical_p" in row)
        assert isinstance(user.app.screen, SettingsDialog)


async def test_the_picker_offers_what_it_serves_and_nothing_to_pull(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    async with chatting(tmp_path, servers(server), size=(120, 40)) as user:
        await user.press("ctrl+o")
        await user.sees_soon("Model for this chat")
        await user.type("llama")
        await user.pilot.pause()
        assert user.sees("Llama-3.1-8B-Instruct")
        assert not user.sees("not here: enter pulls")


async def test_a_model_is_found_by_its_name_with_slashes_and_by_what_it_begins_with(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    async with chatting(tmp_path, servers(server), size=(120, 40)) as user:
        await user.ask("/model Qwen/Qwen3-32B")
        await user.until(lambda: user.session.model == "Qwen/Qwen3-32B", "the model")
        await user.ask("/model meta")
        await user.until(lambda: user.session.model == MODEL, "the other")
        await user.ask("/model nope")
        await user.until(lambda: any("shows what it serves" in text for text in user.told), "no")


async def test_a_conversation_moves_between_both_kinds_of_hosts(
    server: FakeOpenAI, fake: FakeOllama, tmp_path: Path
) -> None:
    both = {"local": fake.url, **servers(server)}
    async with chatting(tmp_path, both, size=(120, 40)) as user:
        await user.until(lambda: user.worker.hosts.status("cluster").state == "up", "the cluster")
        await user.ask_and_hear("one")
        await user.ask("/host cluster")
        await user.until(lambda: user.session.host == "cluster", "the move")
        assert user.session.model == MODEL
        await user.ask_and_hear("two")
        assert user.last.host == "cluster"
        assert [each["content"] for each in server.questions[-1]["messages"]] == [
            "one", fake.reply, "two",
        ]  # fmt: skip
        await user.press("escape", "k", "m")
        await user.sees_soon("Who else is to answer?")
        assert user.sees("local/llama3.2:3b")
        assert user.sees("Qwen/Qwen3-32B")


async def test_a_server_that_serves_nothing_is_told_with_what_helps(tmp_path: Path) -> None:
    async with FakeOpenAI(models=[]) as server, started(tmp_path, servers(server)) as user:
        await user.sees_soon("cluster serves no model that can chat")
        assert user.sees("decided where it is started")
        assert not user.sees("Pull a model")


async def test_a_server_that_is_away_is_told_without_a_word_of_ollama(tmp_path: Path) -> None:
    async with started(tmp_path, {"cluster": "http://127.0.0.1:1/v1"}) as user:
        await user.sees_soon("cluster did not answer")
        assert user.sees("Nothing listens at http://127.0.0.1:1/v1.")
        assert not user.sees("Start ollama serve")


async def test_what_is_too_long_is_refused_rather_than_shown_in_part(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    server.window = 50
    async with chatting(tmp_path, servers(server), size=(120, 40)) as user:
        user.chats.pane.write("word " * 200)
        await user.sees_soon("tokens too long")
        assert user.sees("the server will refuse it")


async def test_pictures_go_to_models_of_which_nobody_tells_that_they_see(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    async with chatting(tmp_path / "home", servers(server), size=(120, 40)) as user:
        user.chats.pane.write(f"What is it? @{picture}")
        await user.press("enter")
        await user.rest()
        content = server.questions[-1]["messages"][-1]["content"]
        assert content[1]["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
