"""Likely causes at servers of OpenAI's API, and what mends them."""

import asyncio
from collections.abc import Iterator

import msgspec

from tui.api.access import Access
from tui.api.checkup import Reached
from tui.api.probe import Probe, Result, probe
from tui.domain.hosts import DEFAULT_PORT, V1, HostAddress
from tui.domain.language import _
from tui.worker.mending import Advice, tunnel, use

PORTS = (8000, 8080, 30000, 1234, 4000)
"""Where vLLM, llama.cpp, SGLang, LM Studio and LiteLLM listen by themselves."""
_PATIENCE = 2.0


async def of_port(address: HostAddress, result: Reached) -> Advice:
    """For a port that takes no calls."""
    if advice := await _elsewhere(address):
        return advice
    if result == "refused":
        cause = _(
            "The server does not run there, still loads its model, or serves its own machine only."
        )
        there = _("there: start it with {words}").format(
            words=f"--host 0.0.0.0 --port {address.port}"
        )
        here = _("or from here: {command}").format(command=_over_ssh(address))
        return cause, there if address.is_local else f"{there}\n{here}"
    cause = _("The machine is off or asleep, needs a VPN, or a firewall swallows what is sent.")
    return cause, _over_ssh(address)


async def of_answer(address: HostAddress, result: Result) -> Advice:
    """For an answer that is not that of OpenAI's API."""
    if advice := await _elsewhere(address):
        return advice
    if result == "tls":
        plain = msgspec.structs.replace(address, scheme="http", userinfo="", hint="")
        return _("The server may speak plain HTTP."), use(plain)
    if result == "timed out":
        return _("The server is overloaded or stuck, or is none of this kind."), ""
    if result in ("not openai", "not ollama"):  # the latter is one that sends us elsewhere
        return _("Another program answers there, or the API is below another path."), ""
    return _("The server is in trouble; its log says more."), ""


async def found_instead(address: HostAddress, access: Access) -> Probe | None:
    """How OpenAI's API answers at the address of a host that is set to Ollama's; None if not."""
    found = await probe(address, access, _PATIENCE, "openai")
    return found if found.result in ("up", "unauthorized") else None


def set_right(address: HostAddress) -> str:
    """What makes a host of the right kind."""
    text = _("in the settings of this host: {line}").format(line='kind = "openai"')
    if address.box or address.socket:
        return text
    return f"{text}\n" + _("or write: {address}").format(address=_with_v1(address).shown)


def with_key() -> str:
    """What says who asks."""
    return _("in the settings of this host: {line}").format(line='key = "env:NAME"')


async def _elsewhere(address: HostAddress) -> Advice | None:
    """Where such a server answers instead, tried at once."""
    near = list(dict.fromkeys(_near(address)))
    found = await asyncio.gather(*(probe(each, None, _PATIENCE, "openai") for each in near))
    for each in found:
        if each.result == "up":
            cause = _("{server} answers at {address} instead.")
            where = _with_v1(each.address)
            return cause.format(server=each.version, address=where.shown), use(where)
    return None


def _near(address: HostAddress) -> Iterator[HostAddress]:
    """Addresses that may have been meant. Credentials are for the one that was written."""
    if address.socket or address.box:
        return
    plain = msgspec.structs.replace(address, userinfo="", hint="")
    if plain.path not in ("", V1):
        yield msgspec.structs.replace(plain, path="")
    for port in (*PORTS, DEFAULT_PORT):
        if port != plain.port:
            yield msgspec.structs.replace(plain, scheme="http", port=port, path="")


def _with_v1(address: HostAddress) -> HostAddress:
    path = address.path if address.path.endswith(V1) else address.path + V1
    return msgspec.structs.replace(address, path=path)


def _over_ssh(address: HostAddress) -> str:
    return f"{tunnel(address.host)}/:{address.port}{V1}"
