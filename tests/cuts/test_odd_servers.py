"""Servers that die, stammer and talk nonsense: it is said in words, and what had come is kept."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from http_server import Reply
from odd_ollama import OddOllama, Script, line, odd_ollama
from soaking import clock, rounds
from stored import answers, sessions
from terminal import Terminal

READY = "llama3.2:3b"
SAID = "Once upon a time"
WELL = "And they lived on."
BIG = 10_000_000
SILENCE = rounds(2, 30)
"""Seconds; Ollama itself may be silent for longer while it reads a prompt."""


def telling(*chunks: bytes) -> Script:
    """These bytes, and a clean end."""

    async def tell(reply: Reply) -> None:
        for chunk in chunks:
            await reply.chunk(chunk)
        await reply.end()

    return tell


def refusing(status: str, body: bytes, kind: str) -> Script:
    async def refuse(reply: Reply) -> None:
        await reply.send(body, status, kind)

    return refuse


async def cut(reply: Reply) -> None:
    await reply.chunk(line(SAID))
    await reply.chunk(b'{"message": {"con')
    reply.hang_up()


HTML = b"<html><body>It works!</body></html>"
ODD = {
    "half a line, then the end": (telling(line(SAID), b'{"message": {"con'), "broke off", SAID),
    "half a line, then cut": (cut, "broke off", SAID),
    "garbage": (telling(line(SAID), b"\x00\x1b[2J\x07rubbish\n"), "cannot be read", SAID),
    "not UTF-8": (
        telling(line(SAID), b'{"message": {"content": "\xff\xfe"}}\n'),
        "cannot be read",
        SAID,
    ),
    "a line of 10 MB of nothing": (telling(line(SAID), b"x" * BIG + b"\n"), "cannot be read", SAID),
    "an end without an end": (telling(line(SAID)), "broke off", SAID),
    "HTML": (refusing("200 OK", HTML, "text/html"), "not as Ollama does", ""),
    "HTML and 404": (refusing("404 Not Found", HTML, "text/html"), "not as Ollama does", ""),
    "HTML and 502": (refusing("502 Bad Gateway", HTML, "text/html"), "got no answer", ""),
    "500": (refusing("500 Whatever", b'{"error": "boom"}', "application/json"), "boom", ""),
    "500 without a word": (refusing("500 Whatever", b"", "text/plain"), "not as Ollama", ""),
}


@pytest.mark.parametrize("name", ODD)
async def test_what_an_odd_server_does_is_said_and_the_next_answer_is_well(
    tmp_path: Path, name: str
) -> None:
    script, words, kept = ODD[name]
    async with odd_ollama(WELL, script) as server, chat(server, tmp_path) as terminal:
        tell = clock()
        terminal.press("A story\r")
        await terminal.until("interrupted: " if kept else "failed: ")
        await terminal.until(lambda: words in " ".join(terminal.text.split()))
        tell(f"{name}: from enter until it is said")
        assert terminal.has(kept)
        server.script = None
        terminal.press("/regenerate\r")
        await terminal.until(WELL)
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    first, second = answers(tmp_path)
    assert (first.content, first.state) == (kept, "interrupted" if kept else "failed")
    assert words in first.error
    assert (second.content, second.state) == (WELL, "complete")


def chat(server: FakeOllama, home: Path) -> "Ready":
    return Ready("--host", server.url, home=home)


class Ready(Terminal):
    """A window in which the program can be asked."""

    async def __aenter__(self) -> "Ready":
        await super().__aenter__()
        await self.until(READY)
        return self


async def test_a_text_of_10_mb_in_one_line_is_taken_and_does_not_hang_the_program(
    tmp_path: Path,
) -> None:
    text = "word " * (BIG // 5) + "the end"
    script = telling(line(text), line("", done=True, done_reason="stop"))
    async with odd_ollama(WELL, script) as server, chat(server, tmp_path) as terminal:
        tell = clock()
        terminal.press("A story\r")
        await terminal.until("the end", 60)
        tell("a text of 10 MB in one line: from enter until its end is seen")
        tell = clock()
        terminal.press("still here")
        await terminal.until("still here")
        tell("then until keys are seen")
        terminal.press("\x15\x11")
        assert await terminal.exit_code() == 0
    (answer,) = answers(tmp_path)
    assert answer.state == "complete"
    assert answer.content == text


async def test_a_byte_at_a_time_is_an_answer_too(tmp_path: Path) -> None:
    pause = rounds(1, 1000) / 1000
    whole = line(SAID) + line("", done=True, done_reason="stop")

    async def stammer(reply: Reply) -> None:
        for byte in whole:
            await reply.chunk(bytes([byte]))
            await asyncio.sleep(pause)
        await reply.end()

    async with odd_ollama(WELL, stammer) as server, chat(server, tmp_path) as terminal:
        terminal.press("A story\r")
        await terminal.until(SAID, 20 + pause * len(whole))
        await eventually(lambda: answers(tmp_path), "the answer on disk", 20 + pause * len(whole))
    print(f"\n{len(whole)} bytes, one each {pause * 1000:.0f} ms: an answer like any")
    (answer,) = answers(tmp_path)
    assert answer.state == "complete"


async def test_a_long_silence_is_waited_out_and_can_be_cut_short(tmp_path: Path) -> None:
    async def muse(reply: Reply) -> None:
        await reply.chunk(line(SAID))
        await asyncio.sleep(SILENCE)
        await reply.chunk(line(", long ago"))
        await reply.silence()

    async with odd_ollama(WELL, muse) as server, chat(server, tmp_path) as terminal:
        terminal.press("A story\r")
        await terminal.until(SAID)
        tell = clock()
        terminal.press("typed meanwhile")
        await terminal.until("typed meanwhile")
        tell(f"silence of {SILENCE} s: keys are seen after")
        await terminal.until(", long ago", SILENCE + 20)
        tell = clock()
        terminal.press("\x03")
        await terminal.until("stopped")
        tell("stopped in the next silence after")
    (answer,) = answers(tmp_path)
    assert (answer.content, answer.state) == (f"{SAID}, long ago", "stopped")


async def test_every_other_request_that_fails_costs_only_itself(tmp_path: Path) -> None:
    count = rounds(4, 100)
    async with odd_ollama(WELL) as server, chat(server, tmp_path) as terminal:
        for number in range(count):
            server.http_500_rate = float(number % 2 == 0)
            terminal.press(f"Question {number}\r")
            await eventually(partial(ended, tmp_path, number + 1), "an answer")
    assert [answer.state for answer in answers(tmp_path)] == ["failed", "complete"] * (count // 2)
    print(f"\n{count} questions, every other one refused by 500: all others were answered")


def ended(home: Path, count: int) -> bool:
    return len(answers(home)) == count


async def test_a_server_that_dies_while_a_model_loads_and_comes_back(tmp_path: Path) -> None:
    async with odd_ollama(WELL) as server, chat(server, tmp_path) as terminal:
        server.load_delay = 60
        terminal.press("A story\r")
        await terminal.until("loading")
        tell = clock()
        await server.stop()
        await terminal.until("failed: ")
        tell("died while a model loads: said after")
        assert terminal.has("broke off") or terminal.has("No Ollama server")
        server.load_delay = 0
        async with server:
            terminal.press("/regenerate\r")
            await terminal.until(WELL)
            terminal.press("\x11")
            assert await terminal.exit_code() == 0
    assert [answer.state for answer in answers(tmp_path)] == ["failed", "complete"]


async def test_a_server_that_dies_in_mid_pull_and_comes_back(tmp_path: Path) -> None:
    slow = OddOllama(reply=WELL, pull_rate=200_000.0)
    async with slow as server, chat(server, tmp_path) as terminal:
        terminal.press("/downloads\r")
        await terminal.until("Nothing to download")
        terminal.press("p")
        await terminal.until("Pull to")
        terminal.press("some/new\r")
        await terminal.until("downloading")
        await eventually(lambda: sum(server.pulled.values()) > 100_000, "some bytes", 20)
        tell = clock()
        await server.stop()
        await terminal.until("connection was lost")
        tell("died in mid-pull: said after")
        server.pull_rate = 200e6
        async with server:
            tell = clock()
            await terminal.until("✓ done", 30)
            tell("came back: the pull was done after")
            assert "some/new:latest" in server.models
            terminal.press("\x11")
            assert await terminal.exit_code() == 0


async def test_a_server_that_dies_in_mid_answer_and_comes_back(tmp_path: Path) -> None:
    async with odd_ollama(SAID) as server, chat(server, tmp_path) as terminal:
        server.hold.clear()
        terminal.press("A story\r")
        await terminal.until("Once")
        tell = clock()
        await server.stop()
        await terminal.until("interrupted: ")
        tell("died in mid-answer: said after")
        assert terminal.has("Once")
        server.reply = WELL
        server.hold.set()
        async with server:
            terminal.press("And then?\r")
            await terminal.until(WELL)
            terminal.press("\x11")
            assert await terminal.exit_code() == 0
    first, second = answers(tmp_path)
    assert (first.state, second.state) == ("interrupted", "complete")
    assert first.content.startswith("Once")
    assert first.error


async def test_no_server_at_the_start_is_said_in_words_and_mends_itself(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = WELL
    await fake.stop()
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("No Ollama server answered")
        await terminal.until(str(fake.port))
        async with fake:
            terminal.press("r")
            await terminal.until(READY)
            terminal.press("Hi\r")
            await terminal.until(WELL)
            terminal.press("\x11")
            assert await terminal.exit_code() == 0
    assert len(sessions(tmp_path)) == 1
