"""The program as its users run it: start, ask, read, quit."""

from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from ptyscreen import PLAIN
from stored import answers, sessions
from terminal import Terminal

READY = "llama3.2:3b"
QUIT = "\x11"


async def test_it_starts_chats_and_quits(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "Hello from the other side."
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("llama3.2:3b")
        await terminal.until(READY)
        terminal.press("Good morning\r")
        await terminal.until("Hello from the other side.")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    assert terminal.display.modes == PLAIN
    assert terminal.display.kitty == 0
    (session,) = sessions(tmp_path)
    question, answer = session.messages
    assert (question.role, question.content) == ("user", "Good morning")
    assert (answer.content, answer.state) == ("Hello from the other side.", "complete")
    assert answer.stats


async def test_the_next_start_shows_the_conversation_even_without_a_server(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Hello from the other side."
    async with Terminal("--host", fake.url, "--prompt", "Hi", home=tmp_path) as terminal:
        await terminal.until("Hello from the other side.")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    await fake.stop()
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("Hello from the other side.")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0


async def test_what_is_typed_as_soon_as_a_conversation_shows_is_not_lost(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Hello from the other side."
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("Hi\r")
        await terminal.until("Hello from the other side.")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("Ask anything")
        terminal.press("exit the maze")
        await terminal.until("exit the maze")


async def test_quitting_in_mid_answer_asks_once_and_enter_quits(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Once upon a time"
    fake.hold.clear()
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("A story\r")
        await terminal.until("Once")
        terminal.press(QUIT)
        await terminal.until("still coming")
        terminal.press("\r")
        assert await terminal.exit_code() == 0
    (answer,) = answers(tmp_path)
    assert answer.state == "interrupted"
    assert answer.content.startswith("Once")


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 15)])
async def test_chatting_works_at_every_size(
    fake: FakeOllama, tmp_path: Path, size: tuple[int, int]
) -> None:
    fake.reply = "Hello there."
    async with Terminal("--host", fake.url, home=tmp_path, size=size) as terminal:
        await terminal.until(READY)
        terminal.press("Hi\r")
        await terminal.until("Hello there.")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0


async def test_a_window_too_small_for_anything_is_waited_out(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", fake.url, home=tmp_path, size=(10, 3)) as terminal:
        await terminal.until(lambda: 1049 in terminal.display.modes)
        await terminal.until(lambda: fake.asked)
        terminal.resize(80, 24)
        await terminal.until(READY)
        terminal.resize(10, 3)
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0


async def test_a_storm_of_sizes_leaves_a_screen_that_is_right(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "word " * 300 + "end."
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("Hi\r")
        for step in range(40):
            terminal.resize(10 + 7 * step % 130, 3 + 5 * step % 45)
        terminal.resize(80, 24)
        await terminal.until("end.")
        terminal.press("still here")
        await terminal.until("still here")
        terminal.press("\x15" + QUIT)
        assert await terminal.exit_code() == 0


async def test_what_a_model_says_never_commands_the_terminal(
    fake: FakeOllama, tmp_path: Path
) -> None:
    evil = "\x1b]0;pwned\x07\x1b[?1049l\x1b[41;7m\x1b]52;c;cHduZWQ=\x07\x9b41;7m\x1bPpwned\x1b\\"
    fake.reply = f"before {evil} after\n\n```python\n{evil} = 1\n```\n\nand `{evil}` the end."
    fake.thinking = evil
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("Hi\r")
        await terminal.until("the end.")
        assert 1049 in terminal.display.modes
        for sequence in (b"\x1b]0;pwned", b"\x1b]52", b"\x1b[41;7m", b"\xc2\x9b", b"\x1bPpwned"):
            assert sequence not in terminal.output


async def test_what_a_server_says_never_commands_the_terminal(
    fake: FakeOllama, tmp_path: Path
) -> None:
    evil = "\x1b]0;pwned\x07[bold]"
    fake.errors["/api/chat"] = (500, f"no {evil} memory")
    fake.add_model(f"evil{evil}:1b", hours_ago=-1)
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("Hi\r")
        await terminal.until("failed")
        assert b"\x1b]0;pwned" not in terminal.output


async def test_the_list_of_conversations_opens_again_and_again(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Hello."
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("Good morning\r")
        await terminal.until("Hello.")
        for _round in range(2):
            terminal.press("\x12")
            await terminal.until("Sessions")
            await terminal.until(lambda: terminal.text.count("Good morning") > 2)
            terminal.press("\x12")
            await terminal.gone("Sessions")
        terminal.press("\x12")
        await terminal.until("Sessions")
        terminal.press("n")
        await terminal.until("new chat")
