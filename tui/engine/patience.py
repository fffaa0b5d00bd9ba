"""How often a registry that fails is asked again, and what is said of it in the end."""

import asyncio
import logging

from tui.api.registry_errors import RegistryError, RegistryUnreachable
from tui.domain.names import ModelName
from tui.engine.errors import EngineError

_log = logging.getLogger(__name__)

_RETRIES = 6
_SERVER_FAULT = 500
_PASSING = (403, 408, 429)
"""Statuses that a second try may change: an address that expired, a server that was busy."""


class Unreached(EngineError):
    """The registry cannot be reached."""


def failure(prefix: str, error: RegistryError) -> EngineError:
    """A registry's error in Ollama's words."""
    kind = Unreached if isinstance(error, RegistryUnreachable) else EngineError
    return kind(f"{prefix}: {error.words}" if prefix else error.words)


class Patience:
    """The failures of one transfer in a row."""

    def __init__(self, name: ModelName) -> None:
        self._name = name
        self._failures = 0

    async def after(self, error: RegistryError, *, got_on: bool) -> None:
        """Wait before the next try. Raises EngineError when there is to be none."""
        self._failures = 0 if got_on else self._failures + 1
        if not _may_pass(error):
            raise failure("", error) from error
        if self._failures > _RETRIES:
            raise failure("max retries exceeded", error) from error
        pause = 2 ** max(self._failures - 1, 0)
        _log.info("%s: again in %d s (%s)", self._name.short, pause, error.words)
        await asyncio.sleep(pause)


def _may_pass(error: RegistryError) -> bool:
    unreachable = isinstance(error, RegistryUnreachable)
    return unreachable or error.status >= _SERVER_FAULT or error.status in _PASSING
