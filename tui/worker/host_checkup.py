"""A server looked at from its name to its models; the first thing that is bad explains the rest."""

from collections.abc import AsyncGenerator
from functools import partial

from tui.api import checkup
from tui.api.access import Access
from tui.api.client import Ollama
from tui.api.connection import proxy_of
from tui.api.errors import OllamaError, TLSFailed
from tui.api.probe import Probe, probe
from tui.api.tls import context_of
from tui.domain.checkup import Finding
from tui.domain.hosts import HostAddress
from tui.domain.language import _, many
from tui.worker import mending
from tui.worker.apart import apart
from tui.worker.handshakes import judged
from tui.worker.tunnel_checkup import Step, TunnelCheckup, bad

PATIENCE = 3.0
"""Seconds that one look may take."""
_LOCALHOST = "localhost:11434"


class HostCheckup:
    """Goes the way that a request goes, step by step."""

    def __init__(
        self, address: HostAddress, access: Access | None = None, patience: float = PATIENCE
    ) -> None:
        self._tunnel = TunnelCheckup(address, address.box) if address.box else None
        self._address = address = self._tunnel.address if self._tunnel else address
        self._access = access or Access()
        self._patience = patience
        self._proxy = proxy_of(address, self._access)
        self._places: list[str] = []
        """The addresses behind the name."""
        self._open = ""
        """The one of them that takes calls."""
        self._probe: Probe | None = None

    async def findings(self) -> AsyncGenerator[Finding, None]:
        """Every step; those behind a bad one are unknown."""
        wrong = ""
        try:
            for name, step in self._steps():
                text = _("not known while {name} is bad").format(name=wrong)
                finding = Finding(name, "unknown", text) if wrong else await step()
                yield finding
                wrong = finding.name if finding.state == "bad" else wrong
        finally:
            if self._tunnel:
                await self._tunnel.aclose()

    def _steps(self) -> list[tuple[str, Step]]:
        """Those that this address has."""
        return [
            (_("address"), self._written),
            *(self._tunnel.steps() if self._tunnel else self._direct()),
            (_("Ollama"), self._answer),
            (_("credentials"), self._credentials),
            (_("Host header"), self._host_header),
            (_("version"), self._version),
            (_("models"), self._models),
        ]

    def _direct(self) -> list[tuple[str, Step]]:
        """Those of the way to a server that needs no tunnel."""
        on_socket, encrypted = bool(self._address.socket), self._address.scheme == "https"
        return [
            (_("proxy"), self._proxied),
            *([] if on_socket else [(_("name"), self._name)]),
            (_("socket") if on_socket else _("port"), self._port),
            *([(_("TLS"), self._tls)] if encrypted and not self._proxy else []),
        ]

    # --- the way there ---

    async def _written(self) -> Finding:
        address = self._address
        return Finding(
            _("address"), "unknown" if address.hint else "good", address.shown, address.hint
        )

    async def _proxied(self) -> Finding:
        name, address = _("proxy"), self._address
        if not self._proxy:
            why = _("this machine is asked without") if address.is_local else _("none is used")
            return Finding(name, "good", why)
        shown = self._proxy.rpartition("://")[2].rpartition("@")[2]
        proxy = HostAddress.parse(f"http://{shown}")
        try:
            places = await apart(partial(checkup.numbers, proxy.host, proxy.port), self._patience)
        except (OSError, UnicodeError):
            places = []
        found = await checkup.knock(places, proxy.port, self._patience)
        said = _("used on the way: {proxy}").format(proxy=shown)
        if found.result == "open":
            return Finding(name, "good", said)
        own = bool(self._access.proxy)
        return Finding(name, "bad", said, *mending.of_proxy(address, own=own))

    async def _name(self) -> Finding:
        name, host = _("name"), self._address.host
        if self._proxy:
            return Finding(name, "unknown", _("the proxy looks it up"))
        look = partial(checkup.numbers, self._target, self._address.port)
        try:
            self._places = await apart(look, self._patience)
        except TimeoutError:
            said = _("{host} was not looked up within {n} s")
            cause = _("The DNS server of this machine does not answer.")
            said = said.format(host=host, n=f"{self._patience:g}")
            return Finding(name, "bad", said, cause, mending.name_server())
        except (OSError, UnicodeError):
            said = _("no address is known for {host}").format(host=host)
            cause = _("It is misspelt, needs a VPN, or is a name that only ssh knows.")
            return Finding(name, "bad", said, cause, mending.tunnel(host))
        if self._places == [self._target]:
            return Finding(name, "good", _("an address, nothing to look up"))
        text = _("{host} is {places}").format(host=host, places=", ".join(self._places))
        return Finding(name, "good", text)

    @property
    def _target(self) -> str:
        """What is called: an address to listen at means this machine."""
        to_here = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
        return to_here.get(self._address.host, self._address.host)

    async def _port(self) -> Finding:
        address = self._address
        if self._proxy:
            return Finding(_("port"), "unknown", _("the proxy calls it"))
        if address.socket:
            name, where = _("socket"), address.socket
            found = await checkup.knock_socket(where, self._patience)
        else:
            name, where = _("port"), str(address.port)
            found = await checkup.knock(self._places, address.port, self._patience)
        if found.result == "open":
            self._open = found.where
            return Finding(name, "good", _("{port} takes calls").format(port=where))
        said = {
            "refused": _("nothing listens at {port}").format(port=where),
            "silent": _("no answer from {port}").format(port=where),
        }.get(found.result, f"{where}: {found.why}")
        cause, mend = await mending.of_port(address, found.result)
        return Finding(name, "bad", said, cause, mend)

    async def _tls(self) -> Finding:
        address, setting = self._address, self._access.setting
        try:
            context = context_of(setting)
        except TLSFailed as error:
            return Finding(_("TLS"), "bad", str(error))
        place = self._open, address.port, self._target
        shaken = await checkup.handshake(*place, self._patience, context)
        found = await judged(shaken, address)
        if found.state != "good" or setting.verify:
            return found
        said = _("the certificate is not checked")
        return Finding(_("TLS"), "unknown", said, *mending.unchecked())

    # --- the answer ---

    async def _answer(self) -> Finding:
        if self._tunnel and self._tunnel.obstacle:
            return bad(_("Ollama"), self._tunnel.obstacle)
        self._probe = found = await probe(self._address, self._access, timeout=self._patience)
        name = _("Ollama")
        milliseconds = f"{found.latency * 1000:.0f}"
        if found.result == "up":
            return Finding(name, "good", _("answers in {n} ms").format(n=milliseconds))
        if found.result in ("unauthorized", "forbidden"):
            text = _("refuses, in {n} ms").format(n=milliseconds)
            return Finding(name, "unknown", text)
        if found.result == "no key":
            return Finding(name, "unknown", _("not asked: its key is not to be had"))
        said = str(found.error).partition("\n")[0]
        if self._proxy:
            cause = _("The proxy may not know the way, or may not be allowed to go it.")
            return Finding(name, "bad", said, cause, mending.without_proxy(self._address))
        cause, mend = await mending.of_answer(self._address, found.result)
        return Finding(name, "bad", said, cause, mend)

    async def _credentials(self) -> Finding:
        name, given = _("credentials"), self._access.given(self._address)
        if self._probe and self._probe.result == "no key":
            return Finding(name, "bad", str(self._probe.error))
        if self._probe is None or self._probe.result != "unauthorized":
            return Finding(name, "good", _("accepted") if given else _("none are asked for"))
        if given:
            said = _("those of this host are refused (401)")
            cause = _("User, password or key are wrong, or another way of signing in is wanted.")
        else:
            said = _("they are asked for (401)")
            cause = _("A proxy before the server wants to know who asks.")
        return Finding(name, "bad", said, cause, mending.with_credentials(self._address))

    async def _host_header(self) -> Finding:
        name = _("Host header")
        if self._probe is None or self._probe.result != "forbidden":
            return Finding(name, "good", _("accepted"))
        again = await probe(self._address, self._access.plus("Host", _LOCALHOST), self._patience)
        if again.result == "up":
            said = _("refused (403), but accepted as {name}").format(name=_LOCALHOST)
            cause = _(
                "An Ollama that listens on loopback only answers names such as localhost: "
                "this is its guard against web pages."
            )
            return Finding(name, "bad", said, cause, mending.host_header(self._address))
        said = str(again.error if again.result == "forbidden" else self._probe.error)
        cause = _("A proxy or firewall before the server refuses this machine or this path.")
        return Finding(name, "bad", said.partition("\n")[0], cause)

    async def _version(self) -> Finding:
        version = self._probe.version if self._probe else ""
        return Finding(_("version"), "good" if version else "unknown", version or "")

    async def _models(self) -> Finding:
        name = _("models")
        try:
            async with Ollama(
                self._address, self._access, connect_timeout=self._patience
            ) as ollama:
                found = await ollama.models()
        except OllamaError as error:
            return Finding(name, "bad", str(error).partition("\n")[0])
        if found:
            text = many("{n} model", "{n} models", len(found)).format(n=len(found))
            return Finding(name, "good", text)
        host = "" if self._address == HostAddress() else f"--host {self._address.shown} "
        return Finding(name, "good", _("none yet"), "", f"ollama-tui {host}pull llama3.2:1b")


def secrets(address: HostAddress, access: Access) -> list[str]:
    """What no finding may say: the credentials of a server, and of the proxy to it."""
    proxy = proxy_of(address, access).rpartition("@")[0].rpartition("//")[2]
    told = (each for each in (proxy, proxy.partition(":")[2]) if each)
    return [*access.hidden(address), *told]
