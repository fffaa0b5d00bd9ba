"""A server looked at from its name to its models; the first thing that is bad explains the rest."""

from collections.abc import AsyncGenerator

from tui.api.access import Access
from tui.api.client import client_of
from tui.api.connection import proxy_of
from tui.api.errors import OllamaError, Unauthorized
from tui.api.probe import Probe, probe
from tui.domain.checkup import Finding
from tui.domain.hosts import HostAddress
from tui.domain.language import _, many
from tui.worker import mending, openai_mending
from tui.worker.tunnel_checkup import Step, TunnelCheckup, bad
from tui.worker.way_checkup import WayCheckup

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
        self._kind = self._access.setting.speaks(address)
        self._name = _("Ollama") if self._kind == "ollama" else _("OpenAI API")
        self._patience = patience
        self._proxy = proxy_of(address, self._access)
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
        way = self._tunnel or WayCheckup(self._address, self._access, self._patience)
        return [
            (_("address"), self._written),
            *way.steps(),
            (self._name, self._answer),
            (_("credentials"), self._credentials),
            *([(_("Host header"), self._host_header)] if self._kind == "ollama" else []),
            (_("version"), self._version),
            (_("models"), self._models),
        ]

    async def _written(self) -> Finding:
        address = self._address
        return Finding(
            _("address"), "unknown" if address.hint else "good", address.shown, address.hint
        )

    async def _answer(self) -> Finding:
        name = self._name
        if self._tunnel and self._tunnel.obstacle:
            return bad(name, self._tunnel.obstacle)
        self._probe = found = await self._asked()
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
        cause, mend = await self._advice(found)
        return Finding(name, "bad", said, cause, mend)

    async def _asked(self) -> Probe:
        return await probe(self._address, self._access, self._patience, self._kind)

    async def _advice(self, found: Probe) -> mending.Advice:
        """Why no answer of the right kind came; it may be one of the other."""
        if self._kind == "openai":
            return await openai_mending.of_answer(self._address, found.result)
        if found.result == "not ollama":
            other = await openai_mending.found_instead(self._address, self._access)
            if other:
                cause = _("{server} answers there: it is no Ollama, but speaks OpenAI's API.")
                server = other.version or _("Another server")
                return cause.format(server=server), openai_mending.set_right(self._address)
        return await mending.of_answer(self._address, found.result)

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
            cause = _("The server, or a proxy before it, wants to know who asks.")
        return Finding(name, "bad", said, cause, self._mended_by())

    def _mended_by(self) -> str:
        """What says who asks: servers of OpenAI's API want a key rather than a password."""
        if self._kind == "openai":
            return openai_mending.with_key()
        return mending.with_credentials(self._address)

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
        version = (self._probe and self._probe.version) or ""
        if self._kind == "openai" and version.startswith("Ollama"):
            cause = _("As a host of the other kind its models can be pulled and unloaded, too.")
            return Finding(_("version"), "unknown", version, cause, 'kind = "ollama"')
        return Finding(_("version"), "good" if version else "unknown", version)

    async def _models(self) -> Finding:
        name = _("models")
        try:
            async with client_of(
                self._kind, self._address, self._access, connect_timeout=self._patience
            ) as client:
                found = await client.models()
        except Unauthorized as error:  # some let everybody know their version
            mend = self._mended_by()
            return Finding(name, "bad", str(error).partition("\n")[0], "", mend)
        except OllamaError as error:
            return Finding(name, "bad", str(error).partition("\n")[0])
        if found:
            text = many("{n} model", "{n} models", len(found)).format(n=len(found))
            return Finding(name, "good", text)
        if self._kind == "openai":
            cause = _("It may still be loading, or was started with none.")
            return Finding(name, "unknown", _("none"), cause)
        host = "" if self._address == HostAddress() else f"--host {self._address.shown} "
        return Finding(name, "good", _("none yet"), "", f"ollama-tui {host}pull llama3.2:1b")


def secrets(address: HostAddress, access: Access) -> list[str]:
    """What no finding may say: the credentials of a server, and of the proxy to it."""
    proxy = proxy_of(address, access).rpartition("@")[0].rpartition("//")[2]
    told = (each for each in (proxy, proxy.partition(":")[2]) if each)
    return [*access.hidden(address), *told]
