"""run: the answer on stdout, all else on stderr."""

import asyncio
import os
import sys
from pathlib import Path
from select import select
from signal import SIGINT

import pytest

from commanding import Ran
from eventually import eventually
from fake_ollama import FakeOllama
from ptyprocess import TUI, environment
from terminal import Terminal
from tui.commands.parsing import parse

MODEL = "llama3.2:3b"


def asked(fake: FakeOllama) -> dict[str, object]:
    """The body of the last chat."""
    return [body for _method, path, body in fake.asked if path == "/api/chat"][-1]


async def test_the_answer_is_all_that_goes_to_stdout(ran: Ran, fake: FakeOllama) -> None:
    fake.reply, fake.thinking = "Hello.", "Hm."
    done = await ran("run", MODEL, "Say", "hello", "--verbose")
    assert (done.code, done.out) == (0, "Hello.\n")
    assert done.err.startswith("Thinking...\nHm.\n...done thinking.\n")
    assert "eval rate:" in done.err
    assert asked(fake)["messages"] == [{"role": "user", "content": "Say hello"}]


async def test_thinking_can_be_hidden(ran: Ran, fake: FakeOllama) -> None:
    fake.reply, fake.thinking = "Hello.", "Hm."
    done = await ran("run", "--hidethinking", MODEL, "hi")
    assert (done.out, done.err) == ("Hello.\n", "")


async def test_stdin_stands_before_the_prompt(ran: Ran, fake: FakeOllama, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("One line.\n")
    assert (await ran("run", MODEL, "Sum it up.", stdin=text)).code == 0
    assert asked(fake)["messages"] == [{"role": "user", "content": "One line. Sum it up."}]


async def test_a_pipe_that_waits_for_nobody_is_read_to_its_end(
    fake: FakeOllama, tmp_path: Path
) -> None:
    """Some programs leave theirs non-blocking, as `O_NONBLOCK` belongs to the pipe."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.write(writer, b"One ")
    asking = await asyncio.create_subprocess_exec(
        *TUI, "run", MODEL, env=environment(tmp_path, OLLAMA_HOST=fake.url), stdin=reader,
        stdout=-1, stderr=-1,
    )  # fmt: skip
    await eventually(lambda: not select([reader], [], [], 0)[0], "the beginning to be read")
    os.write(writer, b"line.")
    os.close(writer)
    os.close(reader)
    _out, err = await asking.communicate()
    assert (asking.returncode, err) == (0, b"")
    assert asked(fake)["messages"] == [{"role": "user", "content": "One line."}]


async def test_what_is_no_utf8_is_asked_with_a_mark_in_its_place(
    ran: Ran, fake: FakeOllama
) -> None:
    assert (await ran("run", "--system", "na\udcefve", MODEL, "caf\udce9")).code == 0
    system, question = ("system", "na?ve"), ("user", "caf?")
    told = [{"role": role, "content": text} for role, text in (system, question)]
    assert asked(fake)["messages"] == told
    assert parse(["--prompt", "caf\udce9"]).prompt == "caf?"


async def test_every_flag_reaches_the_server(ran: Ran, fake: FakeOllama) -> None:
    fake.thinking = "Hm."
    fake.add_model(MODEL)
    words = ("--system", "Short.", "-o", "num_ctx=8192", "-o", "stop=A", "--option", "stop=B")
    more = ("--format", "json", "--keepalive", "300", "--think", "--nowordwrap", "Go on.")
    assert (await ran("run", *words, MODEL, *more)).code == 0
    body = asked(fake)
    assert body["options"] == {"num_ctx": 8192, "stop": ["A", "B"]}
    assert (body["format"], body["keep_alive"], body["think"]) == ("json", 300, True)
    assert isinstance(body["messages"], list)
    assert body["messages"][0] == {"role": "system", "content": "Short."}


async def test_wrong_values_are_told_before_anything_is_asked(ran: Ran, fake: FakeOllama) -> None:
    for words in (("-o", "temprature=1"), ("-o", "top_k"), ("--format", "{}]"), ("--think=much",)):
        assert (await ran("run", MODEL, "hi", *words)).code == 2
    assert (await ran("run", MODEL)).code == 2
    assert fake.asked == []


@pytest.mark.parametrize("span", ["--5", "soon", "nan", "5 m", "²"])
async def test_what_is_no_span_of_time_is_told_before_anything_is_asked(
    ran: Ran, fake: FakeOllama, span: str
) -> None:
    done = await ran("run", MODEL, "hi", f"--keepalive={span}")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"ollama-tui run: {span} is no span of time; 30m and 2h are.\n"
    assert fake.asked == []


async def test_json_is_one_object_with_everything(ran: Ran, fake: FakeOllama) -> None:
    fake.reply, fake.thinking = "Hello.", "Hm."
    told = (await ran("run", MODEL, "hi", "--json")).json
    assert (told["content"], told["thinking"], told["done_reason"]) == ("Hello.", "Hm.", "stop")
    assert told["stats"]["prompt_eval_count"] == 26


async def test_what_was_said_before_an_error_is_kept(ran: Ran, fake: FakeOllama) -> None:
    fake.reply, fake.error_after = "Hello you all.", 2
    done = await ran("run", MODEL, "hi")
    assert (done.code, done.out) == (1, "Hello yo\n")
    assert "unexpected EOF" in done.err


async def test_an_embedding_model_answers_with_its_vector(ran: Ran, fake: FakeOllama) -> None:
    fake.add_model("nomic-embed-text:latest")
    done = await ran("run", "nomic-embed-text", "hi")
    assert done.out.startswith("[")
    assert len(done.lines[0]) == 32


async def test_a_model_that_is_missing_is_downloaded_first(ran: Ran, fake: FakeOllama) -> None:
    fake.reply = "Hello."
    done = await ran("run", "127.0.0.1:9/library/tiny:1b", "hi", "--insecure")
    assert (done.code, done.out) == (0, "Hello.\n")
    assert "downloading it" in done.err
    assert (await ran("run", "127.0.0.1:9/library/missing:1b", "hi", "--insecure")).code == 1


async def test_a_reader_that_leaves_is_no_error_of_ours(fake: FakeOllama, tmp_path: Path) -> None:
    command = " ".join([*TUI, "run", MODEL, "hi"]) + " | head -c 5"
    variables = environment(tmp_path, OLLAMA_HOST=fake.url)
    shell = await asyncio.create_subprocess_shell(
        command, env=variables, stdin=asyncio.subprocess.DEVNULL, stdout=-1, stderr=-1
    )
    out, err = await shell.communicate()
    assert len(out) == 5
    assert err == b""


async def test_ctrl_c_ends_the_answer_with_130(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    shell = await asyncio.create_subprocess_exec(
        *TUI, "run", MODEL, "hi",
        env=environment(tmp_path, OLLAMA_HOST=fake.url),
        stdin=asyncio.subprocess.DEVNULL, stdout=-1, stderr=-1,
    )  # fmt: skip
    assert shell.stdout is not None
    assert await shell.stdout.read(1)
    shell.send_signal(SIGINT)
    _out, err = await shell.communicate()
    assert (shell.returncode, err) == (130, b"")
    await eventually(lambda: fake.hung_up, "the server to notice")


async def test_a_terminal_sees_what_is_waited_for_and_nothing_of_it_stays(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply, fake.first_byte_delay = "A \x1b[31mred\x07 word.", 0.2
    async with Terminal("run", MODEL, "hi", home=tmp_path, OLLAMA_HOST=fake.url) as terminal:
        await terminal.until("waiting for llama3.2:3b")
        assert await terminal.exit_code() == 0
    assert "waiting" not in terminal.text
    assert "A ␛[31mred␇ word." in terminal.text


async def test_json_at_a_terminal_does_not_steer_it(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply, fake.error_after, fake.error_text = "A word.", 1, "a \x9b31m red\x7f error"
    words = ("run", MODEL, "hi", "--json")
    async with Terminal(*words, home=tmp_path, OLLAMA_HOST=fake.url) as terminal:
        assert await terminal.exit_code() == 1
    output = terminal.output.decode()
    assert r"a \u009b31m red\u007f error" in output
    assert not {"\x1b", "\x7f", "\x9b"} & {*output}


async def test_without_a_prompt_at_a_terminal_the_full_screen_opens(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Hello."
    words = ("run", "qwen3:8b", "--system", "Be short.", "-o", "top_k=7")
    async with Terminal(*words, home=tmp_path, OLLAMA_HOST=fake.url) as terminal:
        await terminal.until("qwen3:8b")
        terminal.press("Hi\r")
        await terminal.until("Hello.")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    body = asked(fake)
    assert (body["model"], body["options"]) == ("qwen3:8b", {"top_k": 7})
    assert isinstance(body["messages"], list)
    assert body["messages"][0] == {"role": "system", "content": "Be short."}


async def test_how_the_chat_is_to_look_goes_into_the_full_screen(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Hello."
    words = ("run", "qwen3:8b", "--verbose", "--nowordwrap")
    async with Terminal(*words, home=tmp_path, OLLAMA_HOST=fake.url) as terminal:
        await terminal.until("Counts and times stand below")
        await terminal.until("Long lines of code run on")
        terminal.press("Hi\r")
        await terminal.until("26 tokens")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0


async def test_a_wrong_parameter_is_told_before_the_screen_opens(
    fake: FakeOllama, tmp_path: Path
) -> None:
    words = ("run", "qwen3:8b", "-o", "top_k=many")
    async with Terminal(*words, home=tmp_path, OLLAMA_HOST=fake.url) as terminal:
        assert await terminal.exit_code() == 2
    assert "top_k is a whole number, not many." in terminal.text


def test_the_full_screen_imports_no_command() -> None:
    import subprocess

    code = (
        "import sys; from tui.commands.parsing import parse; parse([]); "
        "print([name for name in sys.modules if name.startswith('tui.commands.')])"
    )
    found = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, check=True)
    assert found.stdout.decode().strip() == "['tui.commands.parsing']"
