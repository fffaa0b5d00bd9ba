"""A fake server in a process of its own, so that its work is not counted as the program's."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SERVER = Path(__file__).with_name("fake_ollama.py")


@contextmanager
def served(*knobs: str) -> Iterator[str]:
    """The server's address while it runs."""
    command = [sys.executable, str(_SERVER), "--port", "0", *knobs]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()[-1]
        finally:
            server.terminate()
