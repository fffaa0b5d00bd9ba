"""The way over ssh, looked at step by step through a tunnel of the doctor's own."""

import re
from collections.abc import Awaitable, Callable
from functools import partial

from tui.domain.boxes import Box
from tui.domain.checkup import Finding
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.obstacles import Obstacle
from tui.domain.obstacles import Step as Stage
from tui.worker.ssh import program
from tui.worker.tunnel import Tunnel, TunnelTrouble

Step = Callable[[], Awaitable[Finding]]


class TunnelCheckup:
    """What ssh says of each step, and what keeps it from the next."""

    def __init__(self, address: HostAddress, box: Box) -> None:
        self._box = box
        self._tunnel = Tunnel(address, box, level="DEBUG1")
        self.address = self._tunnel.address
        """Where the server is asked, once the tunnel stands."""
        self.obstacle: Obstacle | None = None

    def steps(self) -> list[tuple[str, Step]]:
        """All of them, in the order in which ssh goes."""
        return [
            (_("ssh"), self._program),
            (_("name"), partial(self._step, _("name"), "name")),
            (_("port"), partial(self._step, _("port"), "port")),
            (_("host key"), partial(self._step, _("host key"), "host key")),
            (_("sign-in"), partial(self._step, _("sign-in"), "sign-in")),
            (_("forward"), partial(self._step, _("forward"), "forward")),
        ]

    async def aclose(self) -> None:
        """End the tunnel."""
        await self._tunnel.aclose()

    async def _program(self) -> Finding:
        """The first step takes them all: the others say how far it came."""
        try:
            await self._tunnel.reach()
        except TunnelTrouble as trouble:
            self.obstacle = trouble.obstacle
        name = _("ssh")
        if self.obstacle and self.obstacle.step in ("program", "settings"):
            return bad(name, self.obstacle)
        return Finding(name, "good", program() or "")

    async def _step(self, name: str, stage: Stage) -> Finding:
        if self.obstacle is None or self.obstacle.step != stage:
            return Finding(name, "good", self._said(stage))
        found = bad(name, self.obstacle)
        said = "\n".join(filter(None, (found.said, self._more(stage))))
        return Finding(name, "bad", said, found.cause, found.mend)

    def _more(self, stage: Stage) -> str:
        """What helps to find the cause of a step that went wrong."""
        if stage == "host key":
            return _("it shows {key}").format(key=self._said(stage))
        if stage == "sign-in":
            offered = self._all(r"Offering public key: (\S+)")
            return _("offered: {keys}").format(keys=", ".join(offered) or _("no key at all"))
        return ""

    def _said(self, stage: Stage) -> str:
        """What ssh tells of a step that went well."""
        match stage:
            case "name":
                return self._place()
            case "port":
                words = self._all(r"remote software version (\S+)")
                return _("{software} answers").format(software=words[-1] if words else "sshd")
            case "host key":
                return "".join(self._all(r"Server host key: (.*)")[-1:])
            case "sign-in":
                ways = self._all(r'Authenticated to .* using "(.*)"')
                users = self._all(r"Authenticating to .* as '(.*)'")
                text = _("{user} is let in by {way}")
                return text.format(user="".join(users[-1:]), way="".join(ways[-1:]))
            case _:
                return _("leads to {target} there").format(target=self._box.target)

    def _place(self) -> str:
        """Which machine the name stands for, or what ssh goes through to get there."""
        if through := self._all(r"Executing proxy command: (?:exec )?(.*)"):
            return _("by way of: {command}").format(command=through[-1])
        places = self._all(r"Connecting to \S+ \[(.*?)\] port")
        if places == [self._box.host]:
            return _("an address, nothing to look up")
        return _("{host} is {places}").format(host=self._box.host, places=", ".join(places))

    def _all(self, pattern: str) -> list[str]:
        found = (re.search(pattern, line) for line in self._tunnel.said)
        return [match[1] for match in found if match]


def bad(name: str, found: Obstacle) -> Finding:
    """The finding of an obstacle."""
    return Finding(name, "bad", found.said, found.cause, found.mend)
