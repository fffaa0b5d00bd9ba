"""A host tried before it is saved."""

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from tui.api.access import Access
from tui.api.client import preload
from tui.api.errors import OllamaError
from tui.api.probe import probe
from tui.domain.host_drafts import HostDraft
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.status import Trial

if TYPE_CHECKING:
    from tui.worker.hosts import Hosts


async def tried(draft: HostDraft, address: HostAddress) -> Trial:
    """What a host at this address says to who comes with these settings and secrets."""
    await asyncio.to_thread(preload)
    kind = draft.setting.speaks(address)
    access = Access(draft.setting, draft.secrets)
    async with AsyncExitStack() as way:
        try:
            if address.box:
                from tui.worker.tunnel import Tunnel

                tunnel = Tunnel(address, address.box, lambda: None)
                way.push_async_callback(tunnel.aclose)
                await tunnel.reach()
                address = tunnel.address
            found = await probe(address, access, kind=kind)
            if found.result == "not ollama":
                other = await probe(address, access, kind="openai")
                if other.result in ("up", "unauthorized"):
                    kind, found = "openai", other
        except OllamaError as error:
            return Trial(what=address.shown, result=_("down"), why=str(error), outcome="bad")
    if found.result != "up":
        return Trial(
            what=address.shown, result=_("down"), why=str(found.error), outcome="bad", kind=kind
        )
    said = _("{server}, {n} ms") if kind == "openai" else _("Ollama {server}, {n} ms")
    why = said.format(server=found.version, n=f"{max(found.latency * 1000, 1):.0f}")
    return Trial(what=address.shown, result=_("up"), why=why, outcome="good", kind=kind)


async def learn_kind(hosts: "Hosts", name: str) -> None:
    """Find out what a new host speaks, and note it. Raises ValueError and OSError."""
    draft = hosts.configured.draft(name)
    found = await hosts.test(draft)
    if found.kind and found.kind != draft.speaks:
        hosts.put(draft.changed("kind", found.kind))
