"""Runs a command: its errors become lines, its end an exit code."""

import gc
import importlib
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Protocol

from tui.api.errors import OllamaError
from tui.commands.output import remark, write_json
from tui.commands.parsing import COMMANDS
from tui.commands.services import FAILED, WRONG, Services, Wrong
from tui.worker.worker import Worker


class _Module(Protocol):
    async def run(self, options: Namespace, services: Services) -> int:
        """The exit code."""


async def run(options: Namespace, worker: Worker, complaints: Sequence[str] = ()) -> int:
    """Do what a command says; the result is the exit code."""
    gc.enable()
    _make_streams_forgiving()
    for text in complaints:
        remark(text)
    name = next(each.module for each in COMMANDS if each.name == options.command)
    module: _Module = importlib.import_module(f"tui.commands.{name}")
    try:
        return await module.run(options, Services(worker))
    except Wrong as error:
        remark(f"ollama-tui {options.command}: {error}")
        return WRONG
    except BrokenPipeError:
        # Whoever read has read enough; Python must not complain of it at the very end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OllamaError as error:
        if getattr(options, "json", False):
            write_json({"error": str(error)})
        remark(f"{error} {worker.hosts.address(worker.hosts.current).hint}".strip())
        return FAILED


def _make_streams_forgiving() -> None:
    """What a terminal cannot spell is no error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
