"""The way to a server without a tunnel, from its name to its certificate."""

from functools import partial

from tui.api import checkup
from tui.api.access import Access
from tui.api.connection import proxy_of
from tui.api.errors import TLSFailed
from tui.api.tls import context_of
from tui.domain.checkup import Finding
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.worker import mending, openai_mending
from tui.worker.apart import apart
from tui.worker.handshakes import judged
from tui.worker.tunnel_checkup import Step


class WayCheckup:
    """Goes to a server's port, as its settings want it."""

    def __init__(self, address: HostAddress, access: Access, patience: float) -> None:
        self._address = address
        self._access = access
        self._patience = patience
        self._proxy = proxy_of(address, access)
        self._places: list[str] = []
        """The addresses behind the name."""
        self._open = ""
        """The one of them that takes calls."""

    def steps(self) -> list[tuple[str, Step]]:
        """Those of the way to a server that needs no tunnel."""
        on_socket, encrypted = bool(self._address.socket), self._address.scheme == "https"
        return [
            (_("proxy"), self._proxied),
            *([] if on_socket else [(_("name"), self._name)]),
            (_("socket") if on_socket else _("port"), self._port),
            *([(_("TLS"), self._tls)] if encrypted and not self._proxy else []),
        ]

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
        is_openai = self._access.setting.speaks(address) == "openai"
        of_port = openai_mending.of_port if is_openai else mending.of_port
        cause, mend = await of_port(address, found.result)
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
