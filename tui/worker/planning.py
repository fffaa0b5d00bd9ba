"""Finds out about a pull before it begins: its size, what of it is there, and whether it fits."""

import asyncio
import time
from typing import TYPE_CHECKING

import msgspec

from tui.api.errors import OllamaError, Unreachable
from tui.domain.names import ModelName
from tui.domain.places import Places
from tui.domain.pulls import Layer, Pull
from tui.worker.hosts import Hosts

if TYPE_CHECKING:
    from tui.api.registry import Registry
    from tui.domain.manifests import Layer as File
    from tui.domain.manifests import Manifest
    from tui.domain.plans import Plan

_AT_ONCE = 4
_LARGEST_CONFIG = 100_000
_NO_NETWORK = 60.0
"""Seconds without questions after a registry could not be reached."""


class _Config(msgspec.Struct):
    requires: str = ""


class Planner:
    """Asks registries and servers; what cannot be found out is left out."""

    def __init__(self, hosts: Hosts, places: Places) -> None:
        self._hosts = hosts
        self._places = places
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._silent_until: dict[str, float] = {}
        """By registry that could not be reached: when to ask again."""

    async def plan(self, pull: Pull) -> "Plan | None":
        """What a pull will take; None where its registry cannot be asked from here."""
        from tui.api.registry_errors import NotInRegistry
        from tui.domain.manifests import BadManifest
        from tui.domain.plans import Plan, too_old
        from tui.worker.room import no_room
        from tui.worker.suggesting import did_you_mean

        name = ModelName.parse(pull.name)
        async with self._turn:
            try:
                manifest, required = await self._ask(name)
            except NotInRegistry as error:
                return Plan(warning=f"{error} {did_you_mean(pull.name)}".rstrip())
            except (OllamaError, BadManifest):
                return None
            layers = await self._layers(pull.host, manifest)
        status = self._hosts.status(pull.host)
        old = too_old(status.version, required)
        large = await asyncio.to_thread(no_room, status, self._places, layers)
        return Plan(layers=layers, warning=" ".join(each for each in (old, large) if each))

    async def _ask(self, name: ModelName) -> "tuple[Manifest, str]":
        """What the model is made of, and which server it needs. Raises OllamaError, BadManifest."""
        from tui.api.registry import Registry
        from tui.domain.manifests import Manifest

        if time.monotonic() < self._silent_until.get(name.host, 0.0):
            raise Unreachable
        # Its certificates take a while to read.
        made = asyncio.to_thread(Registry, insecure=name.scheme == "http")
        async with await made as registry:
            try:
                manifest = Manifest.read(await registry.manifest(name))
            except Unreachable:
                self._silent_until[name.host] = time.monotonic() + _NO_NETWORK
                raise
            return manifest, await _required(registry, name, manifest.config)

    async def _layers(self, host: str, manifest: "Manifest") -> tuple[Layer, ...]:
        """What there is to download, with that complete which the server has."""
        sizes = {file.digest: file.size for file in manifest.files}
        there = set[str]()
        try:
            client = await self._hosts.client(host)
            for digest in sizes:
                if await client.has_blob(digest):
                    there.add(digest)
        except OllamaError:
            pass  # then all counts as missing
        return tuple(
            Layer(digest=digest, total=size, completed=size if digest in there else 0)
            for digest, size in sizes.items()
        )


async def _required(registry: "Registry", name: ModelName, config: "File") -> str:
    """The version of Ollama that a model asks for. Raises RegistryError."""
    if config.size > _LARGEST_CONFIG:
        return ""
    blocks = [block async for block in registry.blob(name, config.digest, 0, config.size)]
    try:
        return msgspec.json.decode(b"".join(blocks), type=_Config).requires
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
