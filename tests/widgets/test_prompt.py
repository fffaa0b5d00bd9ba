import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual import on
from textual._xterm_parser import XTermParser
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Static

from tui.terminal.themes import PAPER
from tui.widgets.prompt import Prompt
from widget_host import Host, rows, shown


class Page(Static, can_focus=True):
    """Something to browse."""

    BINDINGS = [
        Binding("j", "app.note('j')", id="page.j"),
        Binding("r", "app.note('r')", id="page.r"),
    ]


class Desk(Host):
    """A prompt below something else, which remembers what the prompt says."""

    BINDINGS = [
        Binding("ctrl+c", "note('stop')", id="desk.stop"),
        Binding("escape", "note('up')", id="desk.up"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.prompt = Prompt()
        self.sent: list[str] = []
        self.noted: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Page()
        yield self.prompt

    def on_mount(self) -> None:
        self.prompt.focus()

    def action_note(self, what: str) -> None:
        self.noted.append(what)

    @on(Prompt.Submitted)
    def _send(self, event: Prompt.Submitted) -> None:
        self.sent.append(event.text)

    @on(Prompt.HistoryWanted)
    def _turn(self, event: Prompt.HistoryWanted) -> None:
        self.noted.append(f"history {event.direction}")


@asynccontextmanager
async def desk(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Desk, Pilot[None]]]:
    app = Desk()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


async def test_it_says_what_can_be_done() -> None:
    async with desk() as (app, pilot):
        assert rows(app)[-1] == " ▸  Ask anything   enter sends, ^J new line, / commands"
        app.screen.set_focus(None)
        await pilot.pause()
        assert rows(app)[-1] == " ▸ Ask anything"
    async with desk((40, 15)) as (app, _):
        assert rows(app)[-1] == " ▸  Ask anything"


async def test_enter_sends_and_empties_it() -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"Hi", "enter")
        assert app.sent == ["Hi"]
        assert app.prompt.text == ""
        await pilot.press("enter", "space", "enter")
        assert app.sent == ["Hi"]


async def test_letters_typed_right_behind_enter_are_kept() -> None:
    async with desk() as (app, pilot):
        for key, character in (("H", "H"), ("enter", "\r"), ("x", "x")):
            app.post_message(Key(key, character))
        await pilot.pause()
        assert (app.sent, app.prompt.text) == (["H"], "x")


async def test_it_grows_with_its_lines_up_to_its_height() -> None:
    async with desk() as (app, pilot):
        await pilot.press("a", "ctrl+j", "b")
        await pilot.pause()
        assert rows(app)[-2:] == [" ▸ a", "   b"]
        await pilot.press("ctrl+j", "c", "ctrl+j", "d", "ctrl+j", "e")
        await pilot.pause()
        assert rows(app)[-4:] == ["", "   c", "   d", "   e"]
        await pilot.press("enter")
        await pilot.pause()
        assert app.sent == ["a\nb\nc\nd\ne"]
        assert rows(app)[-2:] == ["", rows(app)[-1]]


async def test_long_lines_wrap_right_of_the_mark() -> None:
    async with desk((40, 15)) as (app, pilot):
        app.prompt.text = "word " * 12
        await pilot.pause()
        assert rows(app)[-2:] == [" ▸ " + ("word " * 7).strip(), "   " + ("word " * 5).strip()]


async def test_enter_within_three_quotes_breaks_the_line() -> None:
    async with desk() as (app, pilot):
        app.prompt.text = '"""one'
        await pilot.press("enter", *"two", "enter", *'"""', "enter")
        assert app.sent == ['"""one\ntwo\n"""']
        app.prompt.text = 'What is """ in Python?'
        await pilot.press("enter")
        assert app.sent[1:] == ['What is """ in Python?']


async def test_up_and_down_at_the_edges_ask_for_history() -> None:
    async with desk((40, 15)) as (app, pilot):
        app.prompt.text = "word " * 12
        await pilot.pause()
        await pilot.press("up")
        assert app.noted == []
        await pilot.press("up", "down", "down")
        assert app.noted == ["history -1", "history 1"]


async def test_readlines_keys_edit() -> None:
    async with desk() as (app, pilot):
        prompt = app.prompt
        await pilot.press(*"one two", "ctrl+w")
        assert prompt.text == "one "
        await pilot.press("ctrl+a", "ctrl+f", "ctrl+k")
        assert prompt.text == "o"
        await pilot.press("ctrl+underscore")
        assert prompt.text == "one "
        await pilot.press("ctrl+e", "ctrl+b", "ctrl+u")
        assert prompt.text == " "


async def test_keys_that_are_not_its_own_go_up() -> None:
    async with desk() as (app, pilot):
        await pilot.press("a", "shift+left", "ctrl+c", "tab")
        assert app.noted == ["stop"]
        assert app.focused is app.prompt


async def test_keys_right_behind_esc_are_not_typed() -> None:
    async with desk() as (app, pilot):
        app.prompt.behind = app.query_one(Page)
        for key, character in (("escape", "\x1b"), ("j", "j"), ("r", "r")):
            app.post_message(Key(key, character))
        await pilot.pause()
        await pilot.pause()
        assert app.noted == ["j", "r"]
        assert app.prompt.text == ""
        assert app.focused is app.prompt.behind


async def test_esc_goes_up_when_there_is_nothing_to_turn_to() -> None:
    async with desk() as (app, pilot):
        await pilot.press("escape")
        assert app.noted == ["up"]
        assert app.focused is app.prompt


@pytest.mark.parametrize(
    ("read", "keys"),
    [
        ("\x1bj", ["escape", "j"]),
        ("\x1bG", ["escape", "G"]),
        ("\x1b/", ["escape", "slash"]),
        ("\x1b?", ["escape", "question_mark"]),
        ("\x1b1", ["escape", "1"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1bjk", ["escape", "j", "k"]),
        ("\x1b[A", ["up"]),
        ("\x1b", ["escape"]),
        ("\x1b\x7f", ["ctrl+w"]),
    ],
)
async def test_esc_and_a_key_in_one_read_are_two_keys(read: str, keys: list[str]) -> None:
    async with desk():
        parser = XTermParser()
        events = [*parser.feed(read), *parser.feed("")]
        assert [event.key for event in events if isinstance(event, Key)] == keys


BIG = "".join(f"line {n} of something that was pasted\r" for n in range(2_900))
MEANT = BIG.replace("\r", "\n")


async def test_a_long_paste_stands_as_a_few_words_and_is_sent_whole() -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"see ")
        app.prompt.post_message(Paste(BIG))
        await pilot.pause()
        await pilot.press(*" ok")
        assert rows(app)[-1] == " ▸ see [pasted 112 kB] ok"
        assert app.prompt.whole == f"see {MEANT} ok"
        await pilot.press("enter")
        assert app.sent == [f"see {MEANT} ok"]
        await pilot.press("ctrl+underscore", "enter")
        assert app.sent[1:] == app.sent[:1]


async def test_keys_stay_quick_below_a_long_paste() -> None:
    async with desk() as (app, pilot):
        app.prompt.post_message(Paste("word " * 20_000))
        await pilot.pause()
        began = time.process_time()
        for _ in range(20):
            app.post_message(Key("x", "x"))
            await pilot.pause()
        assert app.prompt.text == "[pasted 100 kB]" + "x" * 20
        assert (time.process_time() - began) / 20 < 0.02


async def test_pastes_of_one_size_are_told_apart() -> None:
    async with desk() as (app, pilot):
        for letter in "ab":
            app.prompt.post_message(Paste(letter * 5_000))
        await pilot.pause()
        assert app.prompt.text == "[pasted 5 kB][pasted 5 kB, 2]"
        assert app.prompt.whole == "a" * 5_000 + "b" * 5_000


@pytest.mark.parametrize("keys", [["backspace"], ["left", "left", "delete"], ["ctrl+w"]])
async def test_what_stands_for_a_paste_is_deleted_whole(keys: list[str]) -> None:
    async with desk() as (app, pilot):
        await pilot.press("a")
        app.prompt.post_message(Paste(BIG))
        await pilot.pause()
        await pilot.press(*keys)
        assert app.prompt.whole == "a"
        await pilot.press("ctrl+underscore")
        assert app.prompt.whole == "a" + MEANT


async def test_nothing_can_be_typed_into_what_stands_for_a_paste() -> None:
    async with desk() as (app, pilot):
        app.prompt.post_message(Paste(BIG))
        await pilot.pause()
        await pilot.press("left", "left", *"xy")
        assert app.prompt.text == "[pasted 112 kB]xy"


async def test_tab_unfolds_a_paste() -> None:
    async with desk() as (app, pilot):
        app.prompt.post_message(Paste(BIG))
        await pilot.pause()
        await pilot.press("tab")
        assert app.prompt.text == MEANT
        assert "line 2899" in shown(app)
        assert app.noted == []


async def test_a_draft_brings_its_pastes_back_folded() -> None:
    async with desk() as (app, pilot):
        app.prompt.post_message(Paste(BIG))
        await pilot.pause()
        draft = "so: " + app.prompt.draft + " and [pasted 112 kB]"
        whole = app.prompt.whole
        app.prompt.load_text("")
        assert app.prompt.whole == ""
        app.prompt.load_text(draft)
        assert app.prompt.text == "so: [pasted 112 kB] and [pasted 112 kB]"
        assert app.prompt.whole == f"so: {whole} and [pasted 112 kB]"
        app.prompt.load_text("thus: " + app.prompt.whole.removeprefix("so: "))
        assert app.prompt.text == "thus: [pasted 112 kB] and [pasted 112 kB]"


async def test_a_text_too_long_to_edit_is_folded_wherever_it_comes_from() -> None:
    async with desk() as (app, _pilot):
        app.prompt.load_text("word " * 20_000)
        assert app.prompt.text == "[pasted 100 kB]"
        assert app.prompt.whole == "word " * 20_000


async def test_a_paste_cannot_steer_the_terminal() -> None:
    async with desk() as (app, pilot):
        app.prompt.post_message(Paste("a\x1b[31mb\r\nc\x9bd"))
        await pilot.pause()
        assert app.prompt.text == "a␛[31mb\nc\\x9bd"
        app.prompt.text = "kept\x07"
        assert app.prompt.text == "kept␇"


async def test_the_terminals_cursor_stands_where_text_goes() -> None:
    async with desk() as (app, pilot):
        assert app.cursor_position == (3, 23)
        await pilot.press(*"国", "ctrl+j", "b")
        await pilot.pause()
        await pilot.pause()
        assert app.cursor_position == (4, 23)
        await pilot.press("up")
        assert app.cursor_position == (3, 22)


async def test_the_cursor_does_not_blink_and_shows_only_with_the_focus() -> None:
    async with desk() as (app, pilot):
        await pilot.press("a")
        assert not app.prompt.cursor_blink

        def reversed_cells() -> int:
            strip = app.screen._compositor.render_strips()[-1]
            return sum(s.cell_length for s in strip if s.style and s.style.reverse)

        assert reversed_cells() == 1
        app.screen.set_focus(None)
        await pilot.pause()
        assert reversed_cells() == 0


async def test_the_mark_takes_the_colours_of_the_theme() -> None:
    async with desk() as (app, pilot):

        def colour() -> str:
            segments = list(app.screen._compositor.render_strips()[-1])
            style = segments[0].style
            return str(style.color.name) if style and style.color else ""

        assert colour() == "#87afff"
        app.screen.set_focus(None)
        await pilot.pause()
        assert colour() == "#949494"
        app.theme = PAPER.name
        await pilot.pause()
        await pilot.pause()
        assert colour() == "#626262"
