"""`ollama-tui serve`: the embedded engine in the foreground, like `ollama serve`."""

import os
import sys
from typing import NoReturn


def serve(host: str) -> NoReturn:
    """Become the engine: this process is replaced, so that signals and exit codes are its own."""
    command = [sys.executable, "-P", "-m", "tui.engine", *(["--host", host] if host else [])]
    os.execv(sys.executable, command)
