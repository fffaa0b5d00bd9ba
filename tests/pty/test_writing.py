"""What only a real terminal shows of the prompt."""

from pathlib import Path

from fake_ollama import FakeOllama
from stored import sessions
from terminal import Terminal

READY = "llama3.2:3b"
QUIT = "\x11"
PASTE = "\x1b[200~{}\x1b[201~"


async def test_100_kb_pasted_in_one_go_are_asked(fake: FakeOllama, tmp_path: Path) -> None:
    text = "".join(f"{n} 国 is a line that was pasted\n" for n in range(3_000))
    assert len(text.encode()) > 100_000
    fake.reply = "So much."
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("Read: " + PASTE.format(text.replace("\n", "\r")))
        await terminal.until("Read: [pasted 10")
        terminal.press("\r")
        await terminal.until("So much.")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    (session,) = sessions(tmp_path)
    assert session.messages[0].content == "Read: " + text


async def test_the_cursor_stands_where_text_goes(fake: FakeOllama, tmp_path: Path) -> None:
    async with Terminal("--host", fake.url, home=tmp_path, size=(80, 24)) as terminal:
        screen = terminal.display.screen
        await terminal.until(READY)

        def stands(column: int, typed: str) -> bool:
            row = screen.row(screen.cursor.y)
            return screen.cursor.x == column and row.startswith(f" ▸ {typed}")

        terminal.press("abc")
        await terminal.until(lambda: stands(6, "abc"))
        terminal.press("你好")
        await terminal.until(lambda: screen.cursor.x == 10)
        terminal.press("\x1b[D")
        await terminal.until(lambda: screen.cursor.x == 8)
        terminal.press("\nx")
        await terminal.until(lambda: screen.cursor.x == 4)
        assert screen.row(screen.cursor.y - 1).startswith(" ▸ abc")


async def test_what_completes_a_word_comes_and_goes_above_the_prompt(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "\n\n".join(f"Paragraph {n}." for n in range(30))
    async with Terminal("--host", fake.url, home=tmp_path, size=(80, 24)) as terminal:
        await terminal.until(READY)
        terminal.press("Hi\r")
        await terminal.until(lambda: terminal.has("Paragraph 29.") and terminal.has("/4.1k"))
        before = terminal.display.screen.text().splitlines()[1:]
        terminal.press("/\t")
        await terminal.until("▸ /new")
        terminal.press("\x1b")
        await terminal.until(lambda: "/new" not in terminal.display.screen.text())
        terminal.press("\x7f")
        await terminal.until(lambda: terminal.display.screen.text().splitlines()[1:] == before)


async def test_letters_right_behind_the_key_that_leads_to_the_prompt_are_text(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Yes."
    async with Terminal("--host", fake.url, home=tmp_path, size=(80, 24)) as terminal:
        await terminal.until(READY)
        terminal.press("Hi\r")
        await terminal.until(lambda: terminal.has("Yes.") and terminal.has("/4.1k"))
        for way in ("i", "\r", "q"):  # also where alt and d is a key of the prompt
            terminal.press("\x1b")
            await terminal.until("▸ Ask anything")
            await terminal.until("j k")
            terminal.press(f"{way}dxdS said at once")
            await terminal.until("▸ dxdS said at once")
            terminal.press("\x15")
            await terminal.until("enter sends")
        terminal.press("\x1bk")
        await terminal.until("▸ Hi")
        terminal.press("edxd")
        await terminal.until("▸ Hidxd")


async def test_letters_right_behind_the_key_that_searches_are_looked_for(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Cherry edelweiss."
    async with Terminal("--host", fake.url, home=tmp_path, size=(80, 24)) as terminal:
        await terminal.until(READY)
        terminal.press("Hi\r")
        await terminal.until(lambda: terminal.has("edelweiss.") and terminal.has("/4.1k"))
        terminal.press("\x1b")
        await terminal.until("j k")
        terminal.press("/edelweiss")
        await terminal.until("/ edelweiss")
        await terminal.until("In the text")
