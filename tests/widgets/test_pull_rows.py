from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tui.domain.pulls import Kind, Layer, Progress, Pull, State
from tui.widgets.pull_log import PullLog
from tui.widgets.pull_rows import PullRows
from tui.widgets.pull_words import PullLine
from widget_host import Host, rows

GB = 10**9
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
RUNNING = Pull(
    id="1", name="qwen3:32b", state="downloading", current="a", restarts=1, speed=71e6,
    layers=(Layer(digest="a", total=20 * GB, completed=10 * GB),),
)  # fmt: skip
FAILED = Pull(
    id="2", name="llama4:scout", state="failed", error="No space left on gpu-box-1.",
    layers=(Layer(digest="a", total=67 * GB, completed=23 * GB),),
)  # fmt: skip
DONE = Pull(
    id="3", name="phi4-mini:latest", state="done", expected=GB,
    started_at=NOW, ended_at=NOW + timedelta(seconds=48),
)  # fmt: skip
WAITING = Pull(id="4", name="llama3.3:70b", expected=42 * GB)


async def drawn(width: int, *lines: PullLine) -> list[str]:
    table = PullRows()
    app = Host(table)
    async with app.run_test(size=(width, 12)) as pilot:
        table.show_pulls(lines, "")
        await pilot.pause()
        return rows(app)


async def test_a_wide_row_says_everything() -> None:
    first, second, third, *_ = await drawn(120, PullLine(RUNNING))
    assert first.startswith(" ▸ qwen3:32b             ↓ downloading ━━━━")
    assert first.endswith("50 %  10.0/20.0 GB   71 MB/s   2:20")
    assert second.startswith("   layer 1, 20.0 GB, 1 restart")
    assert second.rstrip().endswith("50 %")
    assert third == ""


async def test_the_speed_gives_way_first_then_the_bar() -> None:
    first, *_ = await drawn(80, PullLine(RUNNING))
    assert "MB/s" not in first
    assert "━" in first
    first, second, *_ = await drawn(40, PullLine(RUNNING))
    assert first.split() == ["▸", "qwen3:32b", "↓", "downloading", "50", "%"]
    assert second == ""


@pytest.mark.parametrize("width", [40, 80, 120])
async def test_of_a_long_name_the_model_stays_in_sight(width: int) -> None:
    name = "http://registry.example.com:5000/somebody/mine:q4_k_m"
    first, *_ = await drawn(width, PullLine(msgspec.structs.replace(RUNNING, name=name)))
    assert "…" in first.split()[1]
    assert first.split()[1].endswith("/mine:q4_k_m"[-(15 if width > 40 else 10) :])
    assert "downloading" in first


async def test_a_failed_row_says_what_to_do() -> None:
    lines = await drawn(80, PullLine(FAILED))
    assert "✗ failed" in lines[0]
    assert "34 %" in lines[0]
    assert lines[1] == "   No space left on gpu-box-1."


async def test_where_rows_have_no_room_for_it_the_one_under_the_cursor_says_why_it_failed() -> None:
    said = "No space left on gpu-box-1: 44.1 GB are needed."
    failed = msgspec.structs.replace(FAILED, error=said)
    table = PullRows()
    app = Host(table)
    async with app.run_test(size=(40, 12)) as pilot:
        table.show_pulls([PullLine(RUNNING), PullLine(failed)], "")
        await pilot.pause()
        assert "✗ failed" in rows(app)[1]
        assert rows(app)[2] == ""
        table.move_to(failed.id)
        await pilot.pause()
        assert rows(app)[2:4] == ["   No space left on gpu-box-1: 44.1 GB", "   are needed."]


async def test_a_waiting_row_says_when_it_runs() -> None:
    first, *_ = await drawn(120, PullLine(WAITING, place=2, at_once=1, elsewhere="lab"))
    assert "· queued      2nd in line; 1 runs at once, to lab" in first
    assert first.endswith("42.0 GB")


async def test_a_size_that_only_the_catalogue_tells_is_marked() -> None:
    waiting = msgspec.structs.replace(WAITING, expected=0, likely=42 * GB)
    first, *_ = await drawn(80, PullLine(waiting))
    assert first.rstrip().endswith("~42.0 GB")


async def test_what_the_server_has_already_is_told() -> None:
    layers = (
        Layer(digest="sha256:a", total=3 * GB, completed=3 * GB),
        Layer(digest="sha256:b", total=GB),
    )
    waiting = msgspec.structs.replace(WAITING, planned=layers, expected=4 * GB, warning="No room.")
    first, second, *_ = await drawn(120, PullLine(waiting, place=1))
    assert "75 %    3.0/4.0 GB" in first
    assert second.strip() == "No room."
    running = waiting.after(
        Progress(status="pulling b", digest="sha256:b", total=GB, completed=1000)
    )
    _first, second, *_ = await drawn(120, PullLine(running))
    assert second.startswith("   layer 2 of 2, 1.0 GB")


def _said(kind: Kind, state: State, status: str) -> PullLine:
    job = msgspec.structs.replace(RUNNING, kind=kind, state=state, status=status, restarts=0)
    return PullLine(msgspec.structs.replace(job, check_speed=1e9))


@pytest.mark.parametrize(
    ("entry", "word", "note"),
    [
        (_said("pull", "verifying", "verifying sha256 digest"), "≡ verifying",
         "checking the SHA-256 of 20.0 GB, about 0:20"),
        (_said("pull", "verifying", "writing manifest"), "≡ verifying", "writing the manifest"),
        (_said("pull", "downloading", "pulling manifest"), "↓ downloading", "asking the registry"),
        (_said("push", "downloading", "pushing a"), "↑ uploading", "layer 1, 20.0 GB"),
        (_said("push", "verifying", "pushing manifest"), "≡ finishing", "sending the manifest"),
        (_said("create", "downloading", "parsing GGUF"), "≡ making", "parsing GGUF"),
    ],
)  # fmt: skip
async def test_each_kind_of_job_says_what_it_does(entry: PullLine, word: str, note: str) -> None:
    first, second, *_ = await drawn(120, entry)
    assert f" {word} " in first
    assert second.strip().startswith(note)


async def test_a_row_that_is_done_says_how_long_it_took() -> None:
    first, *_ = await drawn(120, PullLine(DONE))
    assert "took 0:48" in first
    assert "%" not in first


@pytest.mark.parametrize("width", [20, 40, 60, 80, 110, 120, 200])
async def test_rows_are_never_wider_than_the_window(width: int) -> None:
    long = Pull(id="9", name="hf.co/somebody/" + "a-long-name-" * 9 + ":Q4_K_M", state="paused")
    lines = await drawn(width, PullLine(long), PullLine(RUNNING), PullLine(FAILED))
    assert all(len(line) <= width for line in lines)


async def test_the_log_shows_its_end_until_it_is_read() -> None:
    pull = RUNNING
    for number in range(20):
        pull = pull.noted(NOW + timedelta(seconds=number), f"event {number}")
    log = PullLog()
    log.styles.height = 4
    log.can_focus = False
    app = Host(log)
    async with app.run_test(size=(60, 30)) as pilot:
        log.pull = pull
        await pilot.pause()
        assert rows(app)[0].startswith(" log of qwen3:32b ───")
        assert [row.split("  ")[-1] for row in rows(app)[1:4]] == [
            "event 17",
            "event 18",
            "event 19",
        ]
