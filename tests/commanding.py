"""Runs a command of the command line without a process of its own."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from tui.__main__ import _run
from tui.commands.parsing import parse


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Its result, which is one object."""
        decoded: dict[str, Any] = json.loads(self.out)
        return decoded

    @property
    def lines(self) -> list[Any]:
        """Its result, one object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Ran = Callable[..., Awaitable[Done]]


async def command(*words: str) -> int:
    """The exit code, also that of words which do not go together."""
    try:
        return await _run(parse(words))
    except SystemExit as ended:
        return int(ended.code or 0)
