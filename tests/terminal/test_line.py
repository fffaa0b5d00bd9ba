"""What the answers of a terminal tell of the line to it. Time is made up here, the line too."""

from collections import deque
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tui.terminal import line
from tui.terminal.line import AskedLine, KnownLine, Line, line_of

STEP = 0.01


class Wire:
    """Carries frames and answers, a hundredth of a second at a time."""

    def __init__(self, line: Line, rate: float, delay: float) -> None:
        self.line, self.rate, self.delay = line, rate, delay
        self.now = 1000.0
        self.dumb = False
        self._free = 0.0
        self._answers: deque[float] = deque()
        self.sent = 0
        self.longest = 0.0
        """Seconds that a frame waited behind others."""

    def send(self, size: int) -> None:
        self.line.sent(size)
        self.longest = max(self.longest, self._free - self.now)
        self._free = max(self._free, self.now) + size / self.rate
        self.sent += 1
        if not self.dumb:
            self._answers.append(self._free + 2 * self.delay)

    def lose_an_answer(self) -> None:
        self._answers.pop()

    @property
    def on_the_way(self) -> int:
        return len(self._answers)

    def run(self, seconds: float, frame: Callable[[], object] = lambda: None) -> None:
        """Let time pass; `frame` may send one, 50 times a second."""
        for number in range(round(seconds / STEP)):
            self.now += STEP
            while self._answers and self._answers[0] <= self.now:
                self._answers.popleft()
                self.line.answered()
            if number % 2:
                frame()

    def stream(self, size: int) -> Callable[[], object]:
        """Frames of this size, as soon as the line is clear."""
        return lambda: self.send(size) if self.line.clear() else None


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Wire]:
    def wire(rate: float, delay: float, known: Line | None = None) -> Wire:
        made = Wire(Line(), rate, delay)
        monkeypatch.setattr(line, "time", SimpleNamespace(monotonic=lambda: made.now))
        made.line = known or AskedLine()
        return made

    return wire


@pytest.mark.parametrize(("rate", "delay"), [(2_000, 0.3), (10_000, 0.02)])
def test_the_rate_is_learned_from_a_stream(
    wire: Callable[..., Wire], rate: float, delay: float
) -> None:
    it = wire(rate, delay)
    it.run(20, it.stream(600))
    assert it.line.budget() == pytest.approx(0.15 * rate, rel=0.25)
    assert it.line.slow == (rate == 2_000)


def test_nothing_waits_long_behind_a_stream_on_a_slow_line(wire: Callable[..., Wire]) -> None:
    it = wire(2_000, 0.3)
    it.send(100)
    it.run(2)
    it.run(10, it.stream(500))
    it.longest = 0.0
    it.run(20, it.stream(500))
    assert it.longest < 0.2
    assert it.sent > 60  # the line is in use most of the time


def test_a_fast_line_far_away_has_many_frames_on_the_way(wire: Callable[..., Wire]) -> None:
    it = wire(50_000, 0.3)
    it.run(5, it.stream(600))
    assert it.on_the_way > 15
    assert it.line.budget() > 0.15 * 50_000


def test_a_line_that_stands_still_is_waited_for_and_then_goes_on(
    wire: Callable[..., Wire],
) -> None:
    it = wire(10_000, 0.02)
    it.run(5, it.stream(600))
    it._free = it.now + 5
    before = it.sent
    it.run(4, it.stream(600))
    assert it.sent - before < 15
    it.run(10, it.stream(600))
    assert it.sent - before > 60


def test_a_line_that_changes_its_rate_is_learned_again(wire: Callable[..., Wire]) -> None:
    it = wire(30_000, 0.05)
    it.run(5, it.stream(600))
    it.rate = 3_000
    it.run(10, it.stream(600))
    assert it.line.slow
    it.rate = 30_000
    it.run(10, it.stream(600))
    assert not it.line.slow


def test_one_lost_answer_costs_one_pause(wire: Callable[..., Wire]) -> None:
    it = wire(50_000, 0.02)
    it.run(3, it.stream(300))
    it.send(300)
    it.lose_an_answer()
    it.run(8, it.stream(300))
    before = it.sent
    it.run(2, it.stream(300))
    assert it.sent - before > 30


def test_many_lost_answers_cost_hardly_more(wire: Callable[..., Wire]) -> None:
    it = wire(50_000, 0.02)
    it.run(3, it.stream(300))
    for _lost in range(20):
        it.send(300)
        it.lose_an_answer()
    it.run(8, it.stream(300))
    before = it.sent
    it.run(2, it.stream(300))
    assert it.sent - before > 30


def test_a_terminal_that_never_answers_gets_a_few_frames_a_second(
    wire: Callable[..., Wire],
) -> None:
    it = wire(50_000, 0.02)
    it.dumb = True
    it.run(3, it.stream(300))
    before = it.sent
    it.run(10, it.stream(300))
    assert 30 <= it.sent - before <= 45
    assert it.line.budget() == 2048


def test_a_key_may_be_drawn_where_a_stream_waits(wire: Callable[..., Wire]) -> None:
    it = wire(10_000, 0.05)
    it.run(5, it.stream(600))
    it.run(1)
    it.send(900)
    assert not it.line.clear()
    assert it.line.room()
    it.send(900)
    assert not it.line.room()


def test_a_rate_that_the_user_gives_needs_no_answers(wire: Callable[..., Wire]) -> None:
    it = wire(2_000, 0.3, KnownLine(2_000))
    it.dumb = True
    it.run(20, it.stream(500))
    assert not it.line.asks
    assert it.line.slow
    assert it.sent == pytest.approx(80, abs=8)
    assert it.longest < 0.2


def test_the_setting_chooses_the_line() -> None:
    assert line_of("auto").asks
    assert not line_of("auto").slow
    assert line_of("low").slow
    assert line_of("low").asks
    assert not line_of("full").asks
    assert line_of("full").clear()
    assert not line_of(50_000).slow


def test_after_a_stay_elsewhere_nothing_is_waited_for(wire: Callable[..., Wire]) -> None:
    it = wire(10_000, 0.02)
    it.run(2, it.stream(600))
    it.send(5000)
    assert it.line.patience() > 0.3
    it.line.reset()
    assert it.line.clear()
    assert it.line.patience() == 0
