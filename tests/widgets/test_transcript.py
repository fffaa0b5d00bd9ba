import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as altered
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from tui.domain import clock
from tui.domain.replies import Phase, Stats
from tui.domain.session import Message, Role, new_id
from tui.terminal.themes import PAPER
from tui.widgets.entry import Entry, Live
from tui.widgets.transcript import Transcript
from widget_host import Host, rows, shown

NOON = datetime.now().astimezone().replace(hour=12, minute=5, second=0, microsecond=0)


def entry(role: Role, content: str, **facts: Any) -> Entry:  # noqa: ANN401 - any field of both
    about = {key: facts.pop(key) for key in ("place", "live", "thought", "context") if key in facts}
    message = Message(
        id=new_id(), parent=None, role=role, content=content, created_at=NOON, **facts
    )
    return Entry(message, **about)


def ask(content: str = "Why?") -> Entry:
    return entry("user", content)


def answer(content: str = "Because.", **facts: Any) -> Entry:  # noqa: ANN401 - as above
    return entry("assistant", content, model="llama3:8b", **facts)


def live(phase: Phase = "answering", detail: str = "", note: str = "") -> Live:
    return Live(phase, clock.now() - timedelta(seconds=3.05), detail, note)


def words(phase: Phase, **facts: str) -> tuple[Phase, dict[str, str]]:
    return phase, facts


def grown(of: Entry, content: str) -> Entry:
    return replace(of, message=altered(of.message, content=content))


class Chat(Host):
    """A transcript above an input, as in the program."""

    def __init__(self) -> None:
        super().__init__()
        self.transcript = Transcript()

    def compose(self) -> ComposeResult:
        yield self.transcript
        yield Input(compact=True)

    def on_mount(self) -> None:
        self.query_one(Input).focus()


@asynccontextmanager
async def chat(
    entries: Sequence[Entry] = (), size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Chat, Transcript, Pilot[None]]]:
    app = Chat()
    async with app.run_test(size=size) as pilot:
        app.transcript.show(entries)
        await pilot.pause()
        yield app, app.transcript, pilot
        before = rows(app)
        app.transcript.refresh()
        await pilot.pause()
        assert rows(app) == before, "a full repaint shows the same"


def told(*lines: str) -> str:
    return "\n".join(lines)


async def test_a_question_and_its_answer() -> None:
    stats = Stats(eval_count=373, eval_duration=9_100_000_000, total_duration=9_100_000_000)
    entries = [ask("What is it?"), answer("It is **this**.", stats=stats, place=(2, 3))]
    async with chat(entries) as (app, _, _):
        assert rows(app)[:5] == [
            "",
            " ┃ What is it?" + " " * 59 + "12:05",
            "",
            "   llama3:8b  ‹2/3›" + " " * 33 + "41 tok/s · 373 tok · 9.1 s",
            "   It is this.",
        ]


async def test_prose_keeps_to_a_hundred_columns() -> None:
    async with chat([ask("word " * 60), answer("word " * 60)], (160, 20)) as (app, _, _):
        assert max(map(len, rows(app))) == 103


async def test_small_screens_leave_out_the_blank_line_and_some_numbers() -> None:
    stats = Stats(eval_count=80, eval_duration=2_000_000_000, total_duration=3_000_000_000)
    async with chat([ask(), answer(stats=stats)], (40, 15)) as (app, _, _):
        assert rows(app)[1:4] == [
            " ┃ Why?" + " " * 26 + "12:05",
            "   llama3:8b" + " " * 18 + "40 tok/s",
            "   Because.",
        ]


async def test_a_long_question_keeps_its_lines_and_its_bar() -> None:
    async with chat([ask("one\n    two\x1b[2J\n" + "long " * 30)]) as (app, _, _):
        assert rows(app)[2:4] == [" ┃     two␛[2J", " ┃ " + ("long " * 13).strip()]


async def test_an_empty_chat_says_what_to_do() -> None:
    async with chat() as (app, transcript, pilot):
        transcript.placeholder = "Ask llama3:8b anything."
        await pilot.pause()
        assert rows(app)[1] == "   Ask llama3:8b anything."
        transcript.update(ask())
        await pilot.pause()
        assert "anything" not in shown(app)


@pytest.mark.parametrize(
    ("doing", "said"),
    [
        (words("connecting"), "· connecting 3 s"),
        (
            words("queued", detail="你是谁？", note="first in line"),
            "· queued behind 你是谁？ 3 s, first in line",
        ),
        (words("loading", detail="qwen3:14b"), "· loading qwen3:14b 3 s"),
        (words("reading"), "· reading the prompt 3 s"),
    ],
)
async def test_while_nothing_has_come_it_says_what_happens(
    doing: tuple[Phase, dict[str, str]], said: str
) -> None:
    phase, facts = doing
    async with chat([ask(), answer("", live=live(phase, **facts))]) as (app, _, _):
        assert rows(app)[4] == f"   {said}"


async def test_the_seconds_go_on() -> None:
    async with chat([ask(), answer("", live=live("reading"))]) as (app, _, _):
        async with asyncio.timeout(3):
            while "the prompt 4 s" not in shown(app):
                await asyncio.sleep(0.02)


async def test_a_growing_answer_carries_its_mark() -> None:
    growing = answer("", live=live())
    async with chat([ask(), growing]) as (app, transcript, pilot):
        for end in range(1, 40):
            transcript.update(grown(growing, "word " * end))
        assert "word" not in shown(app), "what comes together is drawn together"
        async with asyncio.timeout(3):
            while "word▌" not in shown(app).replace(" ▌", "▌"):
                await pilot.pause(0.01)
        transcript.update(grown(growing, "```python\nx = 1"))
        async with asyncio.timeout(3):
            while "   x = 1▌" not in shown(app):
                await pilot.pause(0.01)
        transcript.update(replace(grown(growing, "The **end**."), live=None))
        await pilot.pause()
        assert rows(app)[4:6] == ["   The end.", ""]


async def test_growing_paints_only_the_lines_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    growing = answer("one\n\ntwo", live=live())
    async with chat([ask(), growing]) as (_, transcript, _):
        painted: list[int] = []
        monkeypatch.setattr(
            transcript, "refresh", lambda *regions: painted.extend(r.y for r in regions)
        )
        transcript.update(replace(grown(growing, "one\n\ntwo three"), live=None))
        assert painted == [6]


async def test_it_stays_at_the_end_until_it_is_scrolled_up() -> None:
    growing = answer("\n\n".join(f"line {n}" for n in range(60)), live=live())
    async with chat([ask(), growing]) as (app, transcript, pilot):
        assert "line 59▌" in rows(app)[-2]
        transcript.action_scroll(-10)
        await pilot.pause()
        before = rows(app)[:-2]
        assert rows(app)[-2].endswith("10 lines below · G follows")
        transcript.update(replace(grown(growing, growing.message.content + "\n\nmore"), live=None))
        await pilot.pause()
        assert rows(app)[:-2] == before
        assert rows(app)[-2].endswith("12 lines below · G follows")
        transcript.follow()
        await pilot.pause()
        assert rows(app)[-2] == "   more"
        assert transcript.following
        assert transcript.below == ""


async def test_scrolling_down_to_the_end_follows_again() -> None:
    async with chat([ask(), answer("line\n" * 60)]) as (_, transcript, _):
        transcript.action_page(-1)
        assert not transcript.following
        transcript.action_page(1)
        assert transcript.following


async def test_the_wheel_scrolls() -> None:
    async with chat([ask(), answer("line\n" * 60)]) as (_, transcript, pilot):
        await pilot._post_mouse_events([_wheel_up()], transcript, offset=(5, 5))
        assert transcript.below == "3 lines below"


def _wheel_up() -> type:
    from textual.events import MouseScrollUp

    return MouseScrollUp


async def test_the_position_can_be_kept_and_taken_up_again() -> None:
    entries = [e for n in range(9) for e in (ask(f"q{n}"), answer("line\n" * 9))]
    async with chat(entries) as (app, transcript, pilot):
        assert transcript.reading is None
        transcript.action_scroll(-40)
        await pilot.pause()
        kept, before = transcript.reading, rows(app)
        transcript.show([])
        transcript.show(entries, kept)
        await pilot.pause()
        assert rows(app) == before
        transcript.show(entries[2:])
        await pilot.pause()
        assert rows(app) == before, "messages above do not move the window"


async def test_browsing_goes_from_message_to_message() -> None:
    entries = [e for n in range(3) for e in (ask(f"q{n}"), answer(f"a{n}\n" * 12))]
    async with chat(entries, (80, 20)) as (app, transcript, pilot):
        assert transcript.chosen == entries[-1].message
        assert "▸" not in shown(app)
        transcript.focus()
        transcript.move(-1)
        await pilot.pause()
        assert transcript.chosen == entries[-2].message
        assert any(row.startswith(" ▸ q2") for row in rows(app))
        transcript.go_first()
        await pilot.pause()
        assert rows(app)[1].startswith(" ▸ q0")
        transcript.move(1)
        await pilot.pause()
        assert any(row.startswith(" ▸ llama3:8b") for row in rows(app))
        for _ in range(9):
            transcript.move(1)
        assert transcript.following
        assert transcript.chosen == entries[-1].message
        transcript.choose(entries[0].message.id)
        app.query_one(Input).focus()
        await pilot.pause()
        assert rows(app)[1].startswith(" ┃ q0")


async def test_a_click_chooses_the_message_under_it() -> None:
    entries = [ask(), answer()]
    async with chat(entries) as (app, transcript, pilot):
        await pilot.click(Transcript, offset=(5, 1))
        await pilot.pause()
        assert transcript.chosen == entries[0].message
        assert rows(app)[1].startswith(" ▸ Why?")


async def test_thinking_is_folded_into_its_beginning() -> None:
    thinking = "first this; " * 20 + "\n\nthen that"
    entries = [ask(), answer(thinking=thinking, thought=6.1)]
    async with chat(entries) as (app, transcript, pilot):
        assert rows(app)[4].startswith("   ▸ thought 6.1 s · first this; first this;")
        assert rows(app)[4].endswith("…")
        assert rows(app)[5:7] == ["", "   Because."]
        transcript.toggle_folded()
        await pilot.pause()
        assert rows(app)[4] == "   ▸ thought 6.1 s"
        assert "     then that" in rows(app)
        transcript.toggle_folded()
        await pilot.pause()
        assert rows(app)[5:7] == ["", "   Because."]


async def test_thinking_counts_its_seconds() -> None:
    async with chat([ask(), answer("", thinking="hm", live=live("thinking"))]) as (app, _, _):
        assert rows(app)[4:6] == ["   ▸ thinking 3 s · hm", ""]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"state": "stopped"}, "‖ stopped   esc c continue   esc r regenerate"),
        (
            {"state": "interrupted", "error": "it\nwent"},
            "✗ interrupted: it went   esc c continue   esc r regenerate",
        ),
        (
            {"state": "failed", "error": "no [memory]"},
            "✗ failed: no [memory]   ^O other model   esc r again",
        ),
        (
            {"done_reason": "length"},
            "‖ stopped: the answer reached its longest length   esc c continue   esc r regenerate",
        ),
    ],
)
async def test_an_answer_that_ended_early_says_how_to_go_on(
    facts: dict[str, str], said: str
) -> None:
    async with chat([ask(), answer(**facts)], (110, 24)) as (app, _, _):
        assert rows(app)[5:7] == ["", f"   {said}"]


async def test_what_cannot_be_continued_does_not_offer_it() -> None:
    async with chat([ask(), answer("", state="stopped")]) as (app, _, _):
        assert rows(app)[5] == "   ‖ stopped   esc r regenerate"


async def test_while_browsing_the_keys_need_no_esc_and_nothing_else_is_painted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    early = answer(state="stopped")
    async with chat([ask(), early, ask("And?"), answer()]) as (app, transcript, pilot):
        painted: list[int] = []
        monkeypatch.setattr(
            transcript, "refresh", lambda *regions, **_how: painted.extend(r.y for r in regions)
        )
        transcript.focus()
        await pilot.pause()
        assert rows(app)[6] == "   ‖ stopped   c continue   r regenerate"
        assert {*painted} == {6, 10}, "the keys, and the head of the chosen answer"
        app.query_one(Input).focus()
        await pilot.pause()
        assert rows(app)[6] == "   ‖ stopped   esc c continue   esc r regenerate"


async def test_a_long_reason_wraps_above_its_keys() -> None:
    async with chat([ask(), answer("", state="failed", error="why " * 30)]) as (app, _, _):
        assert rows(app)[7] == "     ^O other model   esc r again"


async def test_messages_that_were_not_seen_are_told_above_the_question() -> None:
    entries = [ask("old"), answer(), ask(), answer(unseen=4, context=8192)]
    async with chat(entries) as (app, _, _):
        found = next(n for n, row in enumerate(rows(app)) if "4 older messages" in row)
        assert rows(app)[found].startswith(
            "   4 older messages were not seen: the context of 8,192 was full ──"
        )
        assert rows(app)[found + 2].startswith(" ┃ Why?")


async def test_tools_and_the_system_are_muted_lines() -> None:
    call = {"function": {"name": "look_up", "arguments": {"city": "Bern", "days": 2}}}
    entries = [
        entry("system", "Be brief.\nAlways."),
        ask(),
        answer("", tool_calls=[call, {"odd": 1}]),
        entry("tool", "It rains.\n" * 40),
        answer("Take a coat."),
    ]
    async with chat(entries) as (app, transcript, pilot):
        drawn = rows(app)
        assert drawn[1] == "   ▸ system · Be brief. Always."
        assert '   ▸ look_up(city="Bern", days=2)' in drawn
        assert '   ▸ {"odd": 1}' in drawn
        assert any(row.startswith("   ▸ result · It rains. It rains.") for row in drawn)
        transcript.choose(entries[3].message.id)
        transcript.toggle_folded()
        await pilot.pause()
        assert rows(app).count("     It rains.") > 10


async def test_only_what_is_in_sight_is_laid_out() -> None:
    entries = [e for n in range(2500) for e in (ask(f"q{n}"), answer("line\n" * 9))]
    async with chat(entries) as (app, transcript, pilot):
        assert len(transcript._conversation._drawn) < 10
        transcript.go_first()
        await pilot.pause()
        assert rows(app)[1].startswith(" ┃ q0")
        assert rows(app)[-2].endswith("messages below · G follows")
        assert len(transcript._conversation._drawn) < 20


async def test_a_new_width_lays_out_anew_and_stays_at_the_end() -> None:
    async with chat([ask(), answer("word " * 500)]) as (app, transcript, pilot):
        for width in (40, 120, 60):
            await pilot.resize_terminal(width, 20)
            await pilot.pause()
            assert transcript.following
            assert all(cell_len(row) <= width for row in rows(app))
            assert rows(app)[-2].endswith("word")


async def test_a_new_theme_recolours_what_is_shown() -> None:
    async with chat([ask(), answer("`code`")]) as (app, _, pilot):

        def colours() -> set[str]:
            strips = app.screen._compositor.render_strips()
            return {str(s.style.color.name) for s in strips[4] if s.style and s.style.color}

        assert "#d7d7af" in colours()
        app.theme = PAPER.name
        async with asyncio.timeout(3):
            while "#5f5f00" not in colours():
                await pilot.pause()
        assert "#d7d7af" not in colours()


async def test_nothing_is_painted_while_nothing_happens() -> None:
    async with chat([ask(), answer()]) as (_, transcript, pilot):
        assert transcript._clock is None
        transcript.update(answer("", live=live("reading")))
        async with asyncio.timeout(3):
            while transcript._clock is None:
                await pilot.pause(0.01)


async def test_wide_characters_at_the_corner_are_not_cut_in_half() -> None:
    async with chat([ask(), answer("国" * 2000)], (61, 24)) as (app, transcript, pilot):
        transcript.action_scroll(-3)
        await pilot.pause()
        assert rows(app)[-2].endswith("3 lines below · G follows")
