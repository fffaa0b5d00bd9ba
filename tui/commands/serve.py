"""`ollama-tui serve`: the embedded engine in the foreground, like `ollama serve`."""

import os
import sys
from argparse import ArgumentParser
from typing import NoReturn


def add_to(parser: ArgumentParser) -> None:
    """It takes nothing but --host, which says where to listen."""


def serve(host: str) -> NoReturn:
    """Become the engine: this process is replaced, so that signals and exit codes are its own."""
    command = [sys.executable, "-P", "-m", "tui.engine", *(["--host", host] if host else [])]
    os.execv(sys.executable, command)
