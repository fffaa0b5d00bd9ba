"""The same question to several models, and their answers side by side."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from tui.screens.chats.comparison import ComparisonPage
from user import User, chatting

HOSTS = ["box", "lab", "attic"]
Servers = dict[str, FakeOllama]


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
        await user.sees_soon("queued behind qwen3:8b")
        await user.press("escape")
        await user.sees_soon("· queued: gemma3:4b")
        fake.hold.set()
        await user.rest()
        assert user.sees("gemma3:4b  ‹3/3›")
        assert not user.sees("queued")


async def test_ask_all_asks_and_lets_others_answer_too(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/ask-all")
        await user.until(lambda: user.told)
        assert "no question yet" in user.said
        fake.hold.clear()
        await user.ask("/ask-all How are you?")
        await user.sees_soon("Who else is to answer?")
        await user.press("enter")
        await user.sees_soon("queued behind llama3.2:3b")
        await user.press("escape")
        await user.sees_soon("· queued: qwen3:8b")
        await user.until(lambda: user.app.focused is user.chats.pane.prompt)
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
        assert user.sees("▸ qwen3:8b")
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


async def test_all_scroll_together_and_arrows_choose_one(fake: FakeOllama, tmp_path: Path) -> None:
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
        assert user.sees("first answer")
        await user.press("right")
        await user.until(lambda: user.screen[5].startswith(" ▸ llama3.2:3b"), "the first")
        await user.press("G", "k", "b")


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
        await user.sees_soon("The first answer.")
        assert not user.sees("The very end.")
        fake.hold.set()
        await user.sees_soon("The very end.")


# --- several hosts at once ---

SIZES = [(120, 40), (80, 24), (40, 15)]


@asynccontextmanager
async def three_hosts(home: Path, size: tuple[int, int]) -> AsyncIterator[tuple[User, Servers]]:
    """A chat on the box in which models of three hosts are answering the same question."""
    async with AsyncExitStack() as stack:
        servers = {name: await stack.enter_async_context(FakeOllama()) for name in HOSTS}
        for name, each in servers.items():
            each.reply = f"Here speaks {name}. " + "More of it. " * 20 + f"The end of {name}."
            each.hold.clear()
        urls = {name: each.url for name, each in servers.items()}
        user = await stack.enter_async_context(chatting(home, urls, size=size))
        await user.until(lambda: all(user.worker.hosts.status(name).models for name in HOSTS))
        user.chats.begin_with([("qwen3:8b", name) for name in HOSTS], "Who are you?")
        await user.until(lambda: isinstance(user.app.screen, ComparisonPage))
        await user.until(lambda: len(user.worker.replies.beside(user.session.id)) == 3)
        yield user, servers


@pytest.mark.parametrize("size", SIZES)
async def test_hosts_answer_side_by_side_as_far_as_there_is_room(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with three_hosts(tmp_path, size) as (user, servers):
        for each in servers.values():
            each.hold.set()
        await user.rest()
        page = user.app.screen
        assert isinstance(page, ComparisonPage)
        count = {120: 3, 80: 2, 40: 1}[size[0]]
        assert len(page.given) == count
        for name in HOSTS[:count]:
            assert user.sees(f"{name}/qwen3:8b")
        assert user.sees("‹1/3›") == (count < 3)
        await user.press("right", "right")
        await user.sees_soon("▸ attic/qwen3:8b")
        assert user.sees("‹3/3›") == (count < 3)
        await user.press("right")
        await user.sees_soon("▸ box/qwen3:8b")


async def test_each_column_grows_by_itself(tmp_path: Path) -> None:
    async with three_hosts(tmp_path, (120, 40)) as (user, servers):
        servers["lab"].hold.set()
        await user.sees_soon("end of lab.")
        assert not user.sees("end of box.")
        assert user.sees("box/qwen3:8b ●")
        servers["box"].hold.set()
        await user.sees_soon("end of box.")
        assert [m.host for m in user.session.messages[1:]] == ["box", "lab"]


async def test_what_ended_before_the_columns_were_there_is_shown(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "A short answer."
    async with chatting(tmp_path, fake.url, size=(120, 30)) as user:
        await user.ask_and_hear("Hi")
        question = user.session.messages[0].id
        fake.hold.clear()
        user.worker.others.ask(user.session.id, question, ["qwen3:8b"])
        page = ComparisonPage(user.worker, user.app.signals, user.session.id, question)
        fake.hold.set()
        await user.worker.idle()
        await user.app.push_screen(page)
        await user.until(lambda: page.given and all(e.live is None for e in page.given.values()))


async def test_one_is_stopped_and_then_all(tmp_path: Path) -> None:
    async with three_hosts(tmp_path, (120, 40)) as (user, _servers):
        await user.sees_soon("s stop it")
        await user.press("right", "s")
        await user.sees_soon("‖ stopped")
        running = user.worker.replies.beside(user.session.id)
        assert [each.message.host for each in running] == ["box", "attic"]
        assert "s stop it" not in user.screen[-1]
        await user.press("ctrl+c")
        await user.until(lambda: not user.worker.replies.beside(user.session.id))
        await user.rest()
        assert [m.state for m in user.session.messages[1:]] == ["stopped"] * 3


@pytest.mark.parametrize("size", SIZES)
async def test_enter_lets_the_chat_go_on_with_the_chosen_answer(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with three_hosts(tmp_path, size) as (user, servers):
        servers["lab"].hold.set()
        await user.until(lambda: len(user.session.messages) == 2)
        await user.press("right", "enter")
        await user.until(lambda: user.app.screen is user.chats)
        await user.rest()
        assert (user.session.host, user.last.host) == ("lab", "lab")
        assert "● lab" in user.screen[0]
        assert len(user.session.messages) == 4
        await user.until(lambda: user.app.focused is user.chats.pane.prompt, "the prompt")
        await user.ask_and_hear("And then?")
        assert user.last.host == "lab"


async def test_the_chosen_answer_is_copied(tmp_path: Path) -> None:
    async with three_hosts(tmp_path, (120, 40)) as (user, servers):
        servers["lab"].hold.set()
        await user.sees_soon("end of lab.")
        await user.press("right", "y")
        copied = tmp_path / "state" / "last-copy.txt"
        await user.until(copied.exists)
        await user.until(lambda: copied.read_text().startswith("Here speaks lab."))


async def test_the_chat_below_shows_one_of_them_and_v_all(tmp_path: Path) -> None:
    async with three_hosts(tmp_path, (120, 40)) as (user, servers):
        await user.press("escape")
        await user.until(lambda: user.app.screen is user.chats)
        servers["attic"].hold.set()
        await user.until(lambda: len(user.session.messages) == 2)
        await user.sees_soon("Here")
        assert not user.sees("end of attic")
        await user.press("escape", "v")
        await user.sees_soon("end of attic.")


async def test_a_click_chooses_a_column(tmp_path: Path) -> None:
    async with three_hosts(tmp_path, (120, 40)) as (user, _servers):
        await user.sees_soon("▸ box/qwen3:8b")
        await user.pilot.click(offset=(60, 20))
        await user.sees_soon("▸ lab/qwen3:8b")


async def test_models_of_all_hosts_are_offered_those_that_are_loaded_first(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with FakeOllama(names=("mistral:7b", "phi4:14b")) as lab:
        await lab._keep("phi4:14b", {"prompt": "x"})
        async with chatting(tmp_path, {"box": fake.url, "lab": lab.url}) as user:
            await user.until(lambda: user.worker.hosts.status("lab").models)
            await user.ask_and_hear("Hi")
            await user.press("escape", "m")
            await user.sees_soon("Who else is to answer?")
            listed = [row for row in user.screen if "│" in row and ":" in row]
            assert "lab/phi4:14b" in listed[0]
            assert "loaded" in listed[0]
            assert "qwen3:8b" in listed[1]
            await user.press("slash", *"mist", "enter")
            await user.until(lambda: not user.sees("gemma3:4b"))
            await user.press("space", "slash", *["backspace"] * 4, *"phi", "enter", "space")
            await user.sees_soon("2 marked")
            await user.press("enter")
            await user.rest()
        hosts = [(m.host, m.model) for m in user.session.messages[1:]]
        assert hosts[1:] == [("lab", "mistral:7b"), ("lab", "phi4:14b")]
