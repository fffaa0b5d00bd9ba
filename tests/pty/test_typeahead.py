"""Keys typed ahead come in one read after a stall: each goes to what those before it opened."""

from pathlib import Path

from fake_ollama import FakeOllama
from stored import sessions
from terminal import Terminal

READY = "llama3.2:3b"
PASTE = "\x1b[200~{}\x1b[201~"


async def test_a_model_is_chosen_and_asked_in_one_read(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "Yes."
    async with Terminal("--host", fake.url, home=tmp_path, size=(100, 30)) as terminal:
        await terminal.until(READY)
        terminal.press("\x0fgemma3\rIs it you?\r")
        await terminal.until("Yes.")
        await terminal.until(lambda: sessions(tmp_path)[0].messages[-1].model == "gemma3:4b")


async def test_a_command_is_found_and_done_in_one_read(fake: FakeOllama, tmp_path: Path) -> None:
    async with Terminal("--host", fake.url, home=tmp_path, size=(100, 30)) as terminal:
        await terminal.until(READY)
        terminal.press("\x10go to the hosts\r")
        await terminal.until("a add")
        terminal.press("1\x10" + PASTE.format("go to the downloads") + "\r")
        await terminal.until("Nothing to download")


async def test_a_host_is_added_in_one_read(fake: FakeOllama, tmp_path: Path) -> None:
    async with Terminal("--host", fake.url, home=tmp_path, size=(100, 30)) as terminal:
        await terminal.until(READY)
        terminal.press("\x1b4a" + "http://127.0.0.1:9/added\r")
        await terminal.until("127.0.0.1:9/added")


async def test_text_behind_enter_in_a_list_is_for_the_chat_it_opens(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Yes."
    async with Terminal("--host", fake.url, home=tmp_path, size=(100, 30)) as terminal:
        await terminal.until(READY)
        terminal.press("\x1b2")
        await terminal.until("gemma3:4b")
        terminal.press("\rdeep questions first\r")
        await terminal.until("┃ deep questions first")
        await terminal.until(lambda: terminal.has("Yes.") and terminal.has("/4.1k"))
        terminal.press("\x12")
        await terminal.until("esc close")
        terminal.press("/deep\rdeeper ones next\r")
        await terminal.until("┃ deeper ones next")


async def test_keys_behind_the_one_that_opens_a_page_are_for_that_page(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", fake.url, home=tmp_path, size=(100, 30)) as terminal:
        await terminal.until(READY)
        terminal.press("\x1b2/gemma\r")
        await terminal.until("gemma3:4b")
        await terminal.until(lambda: not terminal.has("mistral"))
