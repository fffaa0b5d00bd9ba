"""Ollama's variables, as far as they mean something here; a value that makes no sense is none."""

import os

from tui.domain import durations

_KEEP_ALIVE, _LOAD_TIMEOUT = "5m", "5m"
_CONTEXT, _PARALLEL, _MAX_LOADED, _MAX_QUEUE = 4096, 1, 3, 512
_FALSE = ("", "0", "f", "false")


def text(name: str) -> str:
    """A variable without the spaces and quotes around it; empty where it is not set."""
    return os.environ.get(name, "").strip().strip("\"'").strip()


def keep_alive() -> float:
    """Seconds that an idle model stays loaded."""
    return _seconds("OLLAMA_KEEP_ALIVE", _KEEP_ALIVE)


def load_timeout() -> float | None:
    """Seconds that a model may take to load; None is as long as it likes."""
    found = _seconds("OLLAMA_LOAD_TIMEOUT", _LOAD_TIMEOUT)
    return found if 0 < found < durations.FOREVER else None


def context_length() -> int:
    """Tokens of the window where nobody names a number."""
    return _number("OLLAMA_CONTEXT_LENGTH", _CONTEXT)


def parallel() -> int:
    """Answers that one model gives at the same time."""
    return _number("OLLAMA_NUM_PARALLEL", _PARALLEL)


def max_loaded() -> int:
    """Models that are loaded at the same time."""
    return _number("OLLAMA_MAX_LOADED_MODELS", _MAX_LOADED)


def max_queue() -> int:
    """Requests that may wait for a model."""
    return _number("OLLAMA_MAX_QUEUE", _MAX_QUEUE)


def prunes() -> bool:
    """Whether files that no model uses any more are removed."""
    return not _flag("OLLAMA_NOPRUNE")


def debugs() -> bool:
    """Whether to log what llama.cpp says, too."""
    return _flag("OLLAMA_DEBUG")


def _flag(name: str) -> bool:
    return text(name).lower() not in _FALSE


def _number(name: str, default: int) -> int:
    found = text(name)
    return int(found) if found.isdecimal() and int(found) else default


def _seconds(name: str, default: str) -> float:
    try:
        return durations.seconds(text(name) or default)
    except ValueError:
        return durations.seconds(default)
