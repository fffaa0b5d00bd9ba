"""Which models are loaded, for how long, and who is using them."""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tui.domain import durations
from tui.engine import memory, settings
from tui.engine.abilities import is_jinja
from tui.engine.errors import EngineError
from tui.engine.models import Model
from tui.engine.options import LoadOptions
from tui.engine.runner import Runner

_log = logging.getLogger(__name__)

_BUSY = "server busy, please try again.  maximum pending requests exceeded"
_OUT_OF_MEMORY = ("alloc", "out of memory", "memory probably ran out")
"""What a failed load says when another model holds the memory it needs."""


Key = tuple[Path, Path | None, Path | None, str]
"""Weights, projector, adapter and template."""


@dataclass(eq=False)
class Place:
    """A loaded model with its users and its end."""

    runner: Runner
    model: Model
    """The model under the name it was last asked for."""
    keep: float
    """Seconds to stay after the last use; infinite for ever."""
    users: int = 0
    retiring: bool = False
    """Whether it is about to make room, so that nobody new may take it."""
    expires: float = math.inf
    used: float = 0
    """When it was last asked for."""
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    def fits(self, options: LoadOptions) -> bool:
        """Whether it can be used as it is."""
        return self.runner.alive and not self.retiring and self.runner.options == options


@dataclass(frozen=True, slots=True)
class Lease:
    """A loaded model in someone's hands."""

    runner: Runner
    load_duration: int
    """Nanoseconds that loading it took, or finding it loaded."""


class Scheduler:
    """Loads models one at a time, keeps them for a while, and makes room for others."""

    def __init__(self, sockets: Path) -> None:
        self._sockets = sockets
        self._places: dict[Key, Place] = {}
        self._turn = asyncio.Lock()
        self._freed = asyncio.Condition()
        self._waiting = 0
        self._number = 0
        self._ending: set[asyncio.Task[None]] = set()
        self._keep = settings.keep_alive()
        self._most = settings.max_loaded()
        self._queue = settings.max_queue()

    @property
    def places(self) -> list[Place]:
        """What is loaded, the longest-staying first."""
        alive = (place for place in self._places.values() if place.runner.alive)
        return sorted(alive, key=lambda place: place.expires, reverse=True)

    @asynccontextmanager
    async def use(
        self, model: Model, options: LoadOptions, keep: float | None = None
    ) -> AsyncIterator[Lease]:
        """A model, loaded if need be. Raises EngineError."""
        began = time.perf_counter_ns()
        place = await self._take(model, options, keep)
        try:
            yield Lease(place.runner, time.perf_counter_ns() - began)
        finally:
            place.users -= 1
            self._settle(place)

    async def _take(self, model: Model, options: LoadOptions, keep: float | None) -> Place:
        key = _key(model)
        place = self._places.get(key)
        if place is None or not place.fits(options):
            place = await self._queued(key, model, options)
        place.users += 1
        place.model = model
        place.keep = place.keep if keep is None else keep
        place.used = time.time()
        place.expires = place.used + place.keep
        if place.timer:
            place.timer.cancel()
        return place

    async def _queued(self, key: Key, model: Model, options: LoadOptions) -> Place:
        """Wait for the turn to load; the model may be there by then."""
        await self._line_up()
        try:
            place = self._places.get(key)
            if place and place.fits(options):
                return place
            if place:
                await self._retire(place)
            while place := self._superfluous(model, options):
                await self._retire(place)
            return await self._loaded(key, model, options)
        finally:
            self._turn.release()

    async def _line_up(self) -> None:
        """Wait for the turn, unless too many do already."""
        if self._turn.locked() and self._waiting >= self._queue:
            raise EngineError(_BUSY, 503)
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1

    async def _loaded(self, key: Key, model: Model, options: LoadOptions) -> Place:
        """The model, loaded; again without the idle ones as long as memory is what it lacks."""
        while True:
            try:
                return await self._load(key, model, options)
            except EngineError as error:
                idle = [place for place in self._places.values() if not place.users]
                if not idle or not any(word in str(error) for word in _OUT_OF_MEMORY):
                    raise
                await self._retire(min(idle, key=_dispensable))

    def _superfluous(self, model: Model, options: LoadOptions) -> Place | None:
        """What has to go before a model is loaded: by number, or because memory is short."""
        places = sorted(self._places.values(), key=_dispensable)
        if len(places) >= self._most:
            return places[0]
        free = memory.available()
        if free is None or model.header is None:
            return None
        short = memory.needed(model.header, options.cells) > free
        return places[0] if short and places and not places[0].users else None

    async def _retire(self, place: Place) -> None:
        """Unload a model as soon as nobody uses it."""
        place.retiring = True
        try:
            async with self._freed:
                await self._freed.wait_for(lambda: not place.users or not place.runner.alive)
        except asyncio.CancelledError:
            place.retiring = False
            raise
        await self._unload(place)

    async def _load(self, key: Key, model: Model, options: LoadOptions) -> Place:
        self._number += 1
        _log.info("loading %s with a context of %d", model.name, options.context)
        began = time.perf_counter()
        socket = self._sockets / f"{self._number}.sock"
        runner = await Runner.start(model, options, socket)
        _log.info("loaded %s in %.1f s", model.name, time.perf_counter() - began)
        place = self._places[key] = Place(runner, model, self._keep)
        return place

    def _settle(self, place: Place) -> None:
        """After a use: unload it now, later, or never."""
        if place.users:
            return
        place.expires = time.time() + place.keep
        if place.keep <= 0 or not place.runner.alive:
            self._soon(place)
        elif place.keep < durations.FOREVER:
            loop = asyncio.get_running_loop()
            place.timer = loop.call_later(place.keep, self._soon, place)
        if place.retiring:
            self._later(self._tell())

    def _soon(self, place: Place) -> None:
        self._later(self._unload_idle(place))

    async def _unload_idle(self, place: Place) -> None:
        if not place.users:  # somebody may have taken it since
            await self._unload(place)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _tell(self) -> None:
        async with self._freed:
            self._freed.notify_all()

    async def _unload(self, place: Place) -> None:
        for key, other in list(self._places.items()):
            if other is place:
                del self._places[key]
                _log.info("unloading %s", place.model.name)
        if place.timer:
            place.timer.cancel()
        await place.runner.stop()

    async def unload(self, model: Model) -> None:
        """Unload a model, at once or when its users are done."""
        if place := self._places.get(_key(model)):
            place.keep = 0
            place.expires = time.time()
            if not place.users:
                await self._unload(place)

    def kill(self) -> None:
        """End every model's process without waiting; answers on their way fail."""
        for place in self._places.values():
            place.runner.kill()

    async def close(self) -> None:
        """Unload everything."""
        self.kill()
        for place in list(self._places.values()):
            await self._unload(place)
        await asyncio.gather(*self._ending, return_exceptions=True)


def _dispensable(place: Place) -> tuple[bool, float]:
    """The order in which models make room: dead or idle ones first, the longest unused first."""
    return bool(place.users) and place.runner.alive, place.used


def _key(model: Model) -> Key:
    """Names that share what is loaded share the loaded model."""
    if model.weights is None or model.header is None:
        raise EngineError(f"error loading model: {model.trouble}")
    template = model.template if is_jinja(model.template) else ""
    return model.weights, model.projector, model.adapter, template
