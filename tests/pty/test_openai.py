"""The real program in a real terminal, with a host that speaks OpenAI's API."""

from pathlib import Path

import pytest

from fake_openai import MODEL, FakeOpenAI
from llama_server import ALIAS, llama_server
from stored import answers
from terminal import Terminal

QUIT = "\x11"


async def test_a_question_is_asked_stopped_gone_on_with_and_kept(tmp_path: Path) -> None:
    async with (
        FakeOpenAI(thinking="Two and two. ") as server,
        Terminal("--host", f"{server.url}/v1", home=tmp_path) as terminal,
    ):
        await terminal.until(f"Ask {MODEL} anything.")
        server.hold.clear()
        terminal.press("What is 2 + 2?\r")
        await terminal.until("thinking")
        server.thinking = ""
        server.hold.set()
        await terminal.until(server.reply)
        server.hold.clear()
        terminal.press("And 3 + 3?\r")
        await terminal.until("It▌")
        terminal.press("\x03")
        await terminal.until("stopped")
        server.hold.set()
        terminal.press("/continue\r")
        await terminal.until(f"It {server.reply}")
        assert server.questions[-1]["continue_final_message"]
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    assert [each.state for each in answers(tmp_path)].count("complete") == 2


async def test_llama_cpps_own_server_answers_and_what_it_lacks_is_said(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    with llama_server(tmp_path) as url:
        async with Terminal("--host", f"{url}/v1", home=tmp_path / "home") as terminal:
            await terminal.until(f"Ask {ALIAS} anything.")
            terminal.press("/set parameter num_predict 8\r")
            await terminal.until("num_predict is 8")
            terminal.press("Hi\r")
            await terminal.until("8 tok")
            terminal.press("/set parameter num_ctx 64\r")
            await terminal.until("llama.cpp takes none")
            terminal.press("/pull llama3.2\r")
            await terminal.until("speaks the OpenAI API")
            terminal.press(QUIT)
            assert await terminal.exit_code() == 0
