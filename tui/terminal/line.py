"""What is known of the line to the terminal, so that nothing is drawn before it can be shown.

A pty takes what it is given while ssh and TCP hold seconds of it. What the line does only the far
end knows: a question behind each frame is answered when all before it has been drawn.
"""

import threading
import time
from collections import deque
from typing import NamedTuple

from tui.domain.bandwidth import Bandwidth

SILENCE = 2.0
"""Seconds an answer may be late before frames are drawn without it, a few each second."""
_LATE = 0.1
"""Seconds after which an answer that was due is waited for."""
_AHEAD = 0.1
"""Seconds of output that may be on the line when a frame for a key is drawn."""
_SLICE = 0.15
"""Seconds of the line that a frame of a stream may take: a key may have to wait behind it."""
_UNKNOWN, _MOST = 2048, 65536
"""Bytes of such a frame when nothing is known of the line, and at most."""
_SMALL = 400
"""Bytes: a smaller frame tells the delay of the line, a larger one its rate."""
_SLOWEST = 300
"""Bytes a second: what looks slower is a line that stood still."""
_LOW, _NOT_LOW = 6_000, 12_000
"""Bytes a second from which a line counts as slow, and from which no longer."""
_BLIND_STREAM, _BLIND = 0.25, 0.05
"""Seconds between frames while no answer comes: of a stream, and of anything else."""
_KEPT = 0.8
"""How much of what is known of the rate counts beside the next measurement."""
_NO_TIME = 0.001
"""Seconds that tell nothing of a rate: the frame that tells the delay seems to take none."""


class _Frame(NamedTuple):
    sent: float
    size: int
    alone: bool
    """Whether nothing else was on the line."""


class Line:
    """Nothing is known of it, and it is never waited for: in tests, and where the user says so."""

    asks = False
    """Whether each frame is to end in a question."""
    slow = False
    """Whether it is so slow that less is to be drawn."""

    def sent(self, size: int) -> None:
        """So many bytes of a frame were written."""

    def answered(self) -> None:
        """The oldest question has been."""

    def reset(self) -> None:
        """Begin anew: the terminal was somebody else's meanwhile."""

    def clear(self) -> bool:
        """Whether all that was sent has left: a stream may draw its next frame."""
        return True

    def room(self) -> bool:
        """Whether little is on the line: a frame for a key would not wait long."""
        return True

    def budget(self) -> int:
        """Bytes that a frame of a stream may have, for keys not to wait long behind it."""
        return _MOST

    def patience(self) -> float:
        """Seconds until the last answer should be there; 0 if none is waited for."""
        return 0.0


class KnownLine(Line):
    """Carries so many bytes a second, as the user says: tmux answers for the line behind it."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self.slow = rate < _LOW
        self._free = 0.0

    def sent(self, size: int) -> None:
        self._free = max(self._free, time.monotonic()) + size / self._rate

    def clear(self) -> bool:
        return self._free <= time.monotonic()

    def room(self) -> bool:
        return self._free - _AHEAD <= time.monotonic()

    def budget(self) -> int:
        return min(_MOST, int(_SLICE * self._rate))


class AskedLine(Line):
    """Learns its delay and its rate from the terminal's answers.

    They predict when what was sent will have left. So a far but fast line has many frames on the
    way, a slow one has one. A wrong rate fails softly: one too low is to stop and wait; one too
    high is noticed by an answer that does not come when it is due. Answers are heard in the thread
    that reads keys, hence the lock.
    """

    asks = True

    def __init__(self, *, slow: bool = False) -> None:
        self._always_slow = slow
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        self.slow = self._always_slow
        self._waiting: deque[_Frame] = deque(maxlen=256)
        self._delay = float("inf")
        self._delays: deque[float] = deque(maxlen=8)
        self._size, self._seconds = 1.0, 0.0
        self._free = 0.0  # when the last answered frame had left
        self._heard = self._drawn = time.monotonic()

    def sent(self, size: int) -> None:
        with self._lock:
            self._drawn = time.monotonic()
            self._waiting.append(_Frame(self._drawn, size, not self._waiting))

    def answered(self) -> None:
        with self._lock:
            now = self._heard = time.monotonic()
            if self._waiting:
                self._learn(self._waiting.popleft(), now)

    def _learn(self, frame: _Frame, now: float) -> None:
        if frame.alone and frame.size < _SMALL:  # the delay may also grow
            self._delays.append(now - frame.sent)
            if len(self._delays) == self._delays.maxlen:
                self._delay = min(self._delays)
        self._delay = min(self._delay, now - frame.sent)
        left = now - self._delay
        took = min(max(1e-6, left - max(frame.sent, self._free)), frame.size / _SLOWEST)
        if frame.size >= _SMALL or not self._seconds:
            kept = _KEPT if self._seconds > _NO_TIME else 0.0
            self._size = self._size * kept + frame.size
            self._seconds = self._seconds * kept + took
            self._judge(self._size / self._seconds)
        self._free = left

    def _judge(self, rate: float) -> None:
        self.slow = self._always_slow or rate < (_NOT_LOW if self.slow else _LOW)

    def clear(self) -> bool:
        return self._may_draw(0.0, _BLIND_STREAM)

    def room(self) -> bool:
        return self._may_draw(_AHEAD, _BLIND)

    def budget(self) -> int:
        if not self._seconds:
            return _UNKNOWN
        return min(_MOST, int(_SLICE * self._size / self._seconds))

    def patience(self) -> float:
        with self._lock:
            if not self._waiting:
                return 0.0
            known = self._delay < float("inf")
            return self._left() + self._delay - time.monotonic() + _LATE if known else SILENCE

    def _may_draw(self, ahead: float, blind: float) -> bool:
        """Whether at most so many seconds are on the line; if it is silent, whether it is time."""
        with self._lock:
            if not self._waiting:
                return True
            now, known = time.monotonic(), self._delay < float("inf")
            due = self._due() if known else self._heard
            if now > max(due, self._heard) + SILENCE:
                return self._may_draw_blindly(now, blind, lost=known and self._heard > due - _LATE)
            if not known or now > due + _LATE:
                return False
            return self._left() - now <= ahead

    def _may_draw_blindly(self, now: float, blind: float, *, lost: bool) -> bool:
        if now - self._drawn < blind:
            return False
        while lost and self._waiting and self._due() + SILENCE < now:
            self._waiting.popleft()  # answers came, but none of these
        return True

    def _due(self) -> float:
        """When the oldest question should have its answer."""
        frame = self._waiting[0]
        cost = self._seconds / self._size
        return max(self._free, frame.sent) + frame.size * cost + self._delay

    def _left(self) -> float:
        """When all that was sent should have left."""
        free, cost = self._free, self._seconds / self._size
        for frame in self._waiting:
            free = max(free, frame.sent) + frame.size * cost
        return free


def line_of(bandwidth: Bandwidth) -> Line:
    """The line as the user's setting has it."""
    match bandwidth:
        case "full":
            return Line()
        case "auto" | "low":
            return AskedLine(slow=bandwidth == "low")
        case rate:
            return KnownLine(rate)
