from datetime import timedelta

import pytest
from rich.cells import cell_len

from tui.domain import clock
from tui.domain.replies import Phase
from tui.widgets.chat_status import ChatStatus, StatusLine
from widget_host import Host, rows

OPTIONS = (("temperature", "0.7"), ("num_ctx", "8192"))


def answering(phase: Phase = "answering", detail: str = "") -> StatusLine:
    since = clock.now() - timedelta(seconds=3.05)
    return StatusLine(phase, since, detail, 41.3, 2100, 8192, OPTIONS)


async def drawn(value: StatusLine, width: int) -> str:
    status = ChatStatus()
    async with Host(status).run_test(size=(width, 5)) as pilot:
        status.value = value
        await pilot.pause()
        row = rows(status.app)[0]
        assert cell_len(row) == width
        return row


async def test_wide_it_tells_everything() -> None:
    assert await drawn(answering(), 120) == (
        "─ ● answering 3 s · 41 tok/s ─────────────────────── context ━━━───────── 2.1k/8.2k"
        "  ·  temperature 0.7 · num_ctx 8192 ─"
    )


async def test_narrower_it_shortens_names() -> None:
    assert await drawn(answering(), 80) == (
        "─ ● answering 3 s · 41 tok/s ─ context ━━────── 2.1k/8.2k  ·  t 0.7 · ctx 8192 ─"
    )
    assert await drawn(answering(), 70) == (
        "─ ● answering 3 s · 41 tok/s ── context ━━────── 2.1k/8.2k  ·  t 0.7 ─"
    )


async def test_narrowest_it_tells_state_and_gauge() -> None:
    assert await drawn(answering(), 40) == "─ answering 3 s ─ ctx ━╸──── 2.1k/8.2k ─"
    assert await drawn(answering("reading"), 40) == "─ reading the prom… ─ ━╸──── 2.1k/8.2k ─"
    idle = StatusLine(used=98, allocated=4096)
    assert await drawn(idle, 40) == "─" * 19 + " ctx ────── 98/4.1k ─"


async def test_idle_it_is_a_rule_with_what_is_known() -> None:
    assert await drawn(StatusLine(), 40) == "─" * 40
    assert await drawn(StatusLine(used=2100), 70) == "─" * 55 + " context 2.1k ─"
    assert await drawn(StatusLine(options=OPTIONS), 70) == "─" * 51 + " t 0.7 · ctx 8192 ─"


async def test_a_draft_that_is_too_long_takes_the_left_side() -> None:
    value = StatusLine(
        used=9400,
        allocated=8192,
        warning="about 1.2k tokens too long",
        consequence="the oldest 2 messages will not be seen",
    )
    assert (await drawn(value, 120)).startswith(
        "─ about 1.2k tokens too long · the oldest 2 messages will not be seen ──"
    )
    assert (await drawn(value, 120)).endswith("── context ━━━━━━━━━━━━ 9.4k/8.2k ─")
    assert (await drawn(value, 80)).startswith("─ about 1.2k tokens too long ──")


@pytest.mark.parametrize("width", [10, 15, 20, 30, 59, 60, 109, 110, 200])
async def test_it_is_one_line_at_every_width(width: int) -> None:
    row = await drawn(answering("queued", "你是谁？" * 20), width)
    assert "\n" not in row


async def test_it_counts_seconds_only_while_something_runs() -> None:
    status = ChatStatus()
    async with Host(status).run_test(size=(80, 5)) as pilot:
        status.value = answering()
        await pilot.pause()
        assert status._clock is not None
        status.value = StatusLine()
        await pilot.pause()
        assert status._clock is None
