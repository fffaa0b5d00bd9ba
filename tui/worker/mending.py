"""Likely causes, and the commands that mend them."""

import asyncio
import shlex
from collections.abc import Iterator, Sequence

import msgspec

from tui.api.checkup import Reached
from tui.api.probe import Result, find_ollama_program, probe
from tui.domain.hosts import DEFAULT_PORT, HostAddress
from tui.domain.language import _

_PATIENCE = 2.0

Advice = tuple[str, str]
"""A cause, and what mends it."""


async def of_port(address: HostAddress, result: Reached) -> Advice:
    """For a port that takes no calls."""
    if advice := await _elsewhere(address):
        return advice
    if address.hint:
        return address.hint, use(_changed(address, port=DEFAULT_PORT))
    if address.is_local:
        return await _to_start()
    if result == "refused":
        cause = _(
            "Ollama does not run there, or serves its own machine only, as it does by default."
        )
        there = _("there: {command}").format(command="OLLAMA_HOST=0.0.0.0 ollama serve")
        here = _("or from here: {command}").format(command=tunnel(address.host))
        return cause, f"{there}\n{here}"
    cause = _("The machine is off or asleep, needs a VPN, or a firewall swallows what is sent.")
    return cause, tunnel(address.host)


async def of_answer(address: HostAddress, result: Result) -> Advice:
    """For an answer that is not Ollama's."""
    if advice := await _elsewhere(address):
        return advice
    if result == "tls":
        return _("The server may speak plain HTTP."), use(_changed(address, scheme="http"))
    if result == "timed out":
        return _("The server is overloaded or stuck, or is none of Ollama's."), _restart(address)
    if result == "not ollama":
        cause = _("Another program answers there.")
        return cause, use(_changed(address, scheme="http", port=DEFAULT_PORT))
    return _("The server is in trouble; its log says more."), _restart(address)


def of_proxy(address: HostAddress, *, own: bool) -> Advice:
    """For a proxy that does not answer: the host's `own`, or the environment's."""
    if own:
        return _("The settings of this host name a proxy that does not answer."), 'proxy = "none"'
    cause = _("HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names a proxy that does not answer.")
    return cause, without_proxy(address)


def unchecked() -> Advice:
    """For a certificate that the user does not want to be checked."""
    cause = _("verify is off for this host: whoever is on the way can read and change all of it.")
    return cause, 'ca_file = "/path/to/ca.pem"'


def use(address: HostAddress) -> str:
    """The command that takes a server."""
    return f"ollama-tui --host {shlex.quote(address.shown)}"


def tunnel(host: str) -> str:
    """The way over ssh, which needs nothing on the server but sshd."""
    return f"ollama-tui --host ssh://{shlex.quote(host)}"


def without_proxy(address: HostAddress) -> str:
    """The command that goes past the proxy."""
    return f"NO_PROXY={shlex.quote(address.host)} {use(address)}"


def with_credentials(address: HostAddress) -> str:
    """What says who asks."""
    if address.box:
        line = 'user = "ME", key = "env:NAME"'
        return _("in the settings of this host: {line}").format(line=line)
    scheme, _colons, rest = address.url.partition("://")
    return f"ollama-tui --host {scheme}://USER:PASSWORD@{rest}"


def host_header(address: HostAddress) -> str:
    """What lets a request in."""
    text = _("in the proxy before it: {line}").format(line="proxy_set_header Host localhost:11434;")
    way = _("or over ssh: {command}").format(command=tunnel(address.host))
    return f"{text}\n{way}"


def name_server() -> str:
    """What shows whom this machine asks for names."""
    return "cat /etc/resolv.conf"


def renewal() -> str:
    """What the owner of a server does."""
    return _("renew it on the server, for example: {command}").format(command="certbot renew")


def by_name(address: HostAddress, names: Sequence[str]) -> str:
    """The command that calls a server as its certificate does."""
    name = next((each for each in names if not each.startswith("*")), "NAME")
    return use(_changed(address, host=name))


def authority(address: HostAddress) -> str:
    """The command that trusts one authority more."""
    return f"SSL_CERT_FILE=/path/to/ca.pem {use(address)}"


async def _elsewhere(address: HostAddress) -> Advice | None:
    """Where Ollama answers instead, tried at once."""
    near = list(dict.fromkeys(_near(address)))
    found = await asyncio.gather(*(probe(each, timeout=_PATIENCE) for each in near))
    for each in found:
        if each.result == "up":
            cause = _("Ollama answers at {address} instead.").format(address=each.address.shown)
            if address.hint:
                cause = f"{address.hint} {cause}"
            return cause, use(each.address)
    return None


def _near(address: HostAddress) -> Iterator[HostAddress]:
    """Addresses that may have been meant. Credentials are for the one that was written."""
    if not address.socket:
        other = "http" if address.scheme == "https" else "https"
        for each in (
            _changed(address, scheme="http", port=DEFAULT_PORT),
            _changed(address, scheme=other),
            _changed(address, path=""),
        ):
            if each.url != address.url:
                yield each
    if address.is_local:
        yield HostAddress()
        yield HostAddress(host="::1")


def _changed(address: HostAddress, **parts: str | int) -> HostAddress:
    return msgspec.structs.replace(address, userinfo="", hint="", **parts)


async def _to_start() -> Advice:
    if await find_ollama_program():
        return _("Ollama is installed here, but does not run."), "ollama serve"
    cause = _("Ollama is not installed on this machine.")
    there = _("get it from https://ollama.com/download")
    here = _("or take what this program brings: {command}")
    return cause, f"{there}\n{here.format(command='ollama-tui --host embedded')}"


def _restart(address: HostAddress) -> str:
    if address.is_local:
        return "ollama serve"
    return (
        f"{address.box.command() if address.box else shlex.join(['ssh', address.host])} ollama ps"
    )
