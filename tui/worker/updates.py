"""Whether registries have newer versions of models, asked without downloading any."""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Iterable
from typing import Literal

from tui.api.errors import OllamaError, Unreachable
from tui.domain.manifests import BadManifest, Manifest
from tui.domain.models import LocalModel
from tui.domain.names import BadModelName, ModelName
from tui.store.findings import FindingStore, Latest
from tui.worker.events import Events, ModelChecked
from tui.worker.supervisor import Failed, Supervisor

Freshness = Literal["unknown", "current", "update", "unlisted"]
"""`unlisted`: the registry has nothing of that name; it was made here, or taken back there."""

_AT_ONCE = 3
_GOOD_FOR = 6 * 3600.0
"""Seconds that an answer is trusted."""
_NO_NETWORK = 600.0
"""Seconds without questions after a registry could not be reached."""


class Updates:
    """Asks registries for manifests in the background; what they say is kept for hours."""

    def __init__(
        self, store: FindingStore, events: Events, supervisor: Supervisor, failed: Failed
    ) -> None:
        self.allowed = True
        """Whether models are checked unasked."""
        self._store = store
        self._events = events
        self._supervisor = supervisor
        self._failed = failed
        self._asking: set[str] = set()
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._manifests: dict[str, bytes] = {}
        """Manifests by their sha256."""
        self._silent_until: dict[str, float] = {}
        """By registry: when to ask again."""

    def state(self, model: LocalModel) -> Freshness:
        """What is known of a model."""
        latest = self._store.findings.latest.get(model.name.lower())
        if latest is None or not model.digest:
            return "unknown"
        if not latest.digest:
            return "unlisted"
        return "current" if latest.digest == model.digest else "update"

    def check(self, models: Iterable[LocalModel]) -> None:
        """Ask for those of which nothing is known, or nothing new; a few at once."""
        for model in models:
            key = model.name.lower()
            if self.allowed and key not in self._asking and self._is_due(model):
                self._asking.add(key)
                self._supervisor.start(self._quietly(model), self._failed, lasting=True)

    async def look(self, model: LocalModel) -> Freshness:
        """Ask now. Raises OllamaError."""
        name = _name(model)
        if name is None or model.remote_host or not model.digest:
            return "unlisted"
        raw = await self._ask(name)
        digest = hashlib.sha256(raw).hexdigest() if raw else ""
        self._manifests[digest] = raw
        self._store.findings.latest[model.name.lower()] = Latest(digest, time.time())
        self._store.save()
        return self.state(model)

    async def each(
        self, models: Iterable[LocalModel]
    ) -> AsyncGenerator[tuple[LocalModel, Freshness, str], None]:
        """Ask for a few at once; what is said of one that failed does not stop the rest."""
        silent = dict[str, str]()
        tasks = [asyncio.create_task(self._answer(model, silent)) for model in models]
        try:
            for task in tasks:
                yield await task
        finally:
            for task in tasks:
                task.cancel()

    async def _answer(
        self, model: LocalModel, silent: dict[str, str]
    ) -> tuple[LocalModel, Freshness, str]:
        """What a registry says, or why it does not; of a `silent` one, why it was."""
        async with self._gate:
            name = _name(model)
            host = name.host if name else ""
            if host in silent:
                return model, "unknown", silent[host]
            try:
                return model, await self.look(model), ""
            except OllamaError as error:
                if isinstance(error, Unreachable):
                    silent[host] = str(error)
                return model, "unknown", str(error)

    async def manifest(self, model: LocalModel) -> Manifest | None:
        """What a model is made of, if its registry still has this very version."""
        try:
            if model.digest not in self._manifests:
                await self.look(model)
            return Manifest.read(self._manifests.get(model.digest, b""))
        except (OllamaError, BadManifest):
            return None

    def _is_due(self, model: LocalModel) -> bool:
        name = _name(model)
        if name is None or model.remote_host or not model.digest:
            return False
        if time.monotonic() < self._silent_until.get(name.host, 0.0):
            return False
        latest = self._store.findings.latest.get(model.name.lower())
        return latest is None or time.time() - latest.at > _GOOD_FOR

    async def _quietly(self, model: LocalModel) -> None:
        """Nobody asked for this, so nobody is told what went wrong."""
        try:
            async with self._gate:
                if self._is_due(model):
                    await self.look(model)
                    self._events.tell(ModelChecked(model.name))
        except OllamaError:
            return
        finally:
            self._asking.discard(model.name.lower())

    async def _ask(self, name: ModelName) -> bytes:
        """The manifest; empty where the registry has none of this name."""
        from tui.api.registry import Registry
        from tui.api.registry_errors import NotInRegistry

        try:
            # Its certificates take a while to read.
            made = asyncio.to_thread(Registry, insecure=is_plain(name))
            async with await made as registry:
                return await registry.manifest(name)
        except NotInRegistry:
            return b""
        except Unreachable:
            self._silent_until[name.host] = time.monotonic() + _NO_NETWORK
            raise


def is_plain(name: ModelName) -> bool:
    """Whether a registry is on this very machine, where nobody has certificates."""
    host = name.host.rpartition(":")[0] or name.host
    return host in ("localhost", "127.0.0.1", "[::1]")


def _name(model: LocalModel) -> ModelName | None:
    try:
        return ModelName.parse(model.name)
    except BadModelName:
        return None
