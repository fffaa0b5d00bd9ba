"""What keeps a tunnel from standing, read from what ssh says."""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from tui.domain.boxes import Box
from tui.domain.language import _

Step = Literal["program", "settings", "name", "port", "host key", "sign-in", "forward", "server"]


class Obstacle(msgspec.Struct, frozen=True):
    """The first thing in the way, in the order in which ssh meets them."""

    step: Step
    said: str
    """What happened."""
    cause: str = ""
    """Why probably."""
    mend: str = ""
    """The commands that mend it, one a line."""
    lasting: bool = False
    """Whether time alone does not mend it: trying often would only make the box suspicious."""

    @property
    def text(self) -> str:
        """All of it, for one notice."""
        return f"{self.said}. {self.cause}".strip() + f"\n{self.mend}".rstrip()


def no_program() -> Obstacle:
    """For a machine without ssh."""
    said = _("there is no ssh on this machine")
    cause = _("Tunnels are made by the system's own.")
    return Obstacle("program", said, cause, "sudo apt install openssh-client", lasting=True)


def obstacle(box: Box, lines: Sequence[str]) -> Obstacle:
    """What ssh's lines mean; of something unknown, its last words."""
    words = [line for line in lines if line and not line.startswith("debug1:")]
    for pattern, told in _OBSTACLES:
        for line in words:
            if match := re.search(pattern, line):
                return _of(box, told, match.groupdict())
    last = words[-1] if words else ""
    return _of(box, _ENDED, {"words": last.rstrip(".") or _("it said nothing")})


def too_slow(box: Box, seconds: float) -> Obstacle:
    """For a box that takes for ever."""
    return _of(box, _SLOW, {"n": f"{seconds:g}"})


def is_blocked(line: str) -> bool:
    """Whether ssh says here that it did not get on from the box to the server."""
    return "open failed:" in line


def _of(box: Box, told: Obstacle, words: Mapping[str, str]) -> Obstacle:
    """An obstacle with the names of this box, and with the words of ssh."""
    if told.step == "server" and box.behind.endswith("/v1"):
        cause = _("Its server does not run there, still loads its model, or has another port.")
        told = msgspec.structs.replace(told, cause=cause, mend="")
    names = {"box": box.host, "target": box.target}
    commands = {"ssh": box.command(), "verbose": box.command("ssh", "-v")}
    commands["copy_id"] = box.command("ssh-copy-id")
    quoted = {name: shlex.quote(each) for name, each in words.items()}
    return msgspec.structs.replace(
        told,
        said=told.said.format(**names, **words),
        cause=told.cause.format(**names, **words),
        mend=told.mend.format(**commands, **quoted),
    )


_ENDED = Obstacle("port", _("ssh to {box} ended: {words}"), "", "{verbose}")
_SLOW = Obstacle(
    "sign-in",
    _("ssh to {box} did not come through within {n} s"),
    _("It may wait for an agent, or for a command that it goes through."),
    "{verbose}",
)
_EDIT = "${{EDITOR:-vi}} ~/.ssh/config"
_OBSTACLES: Sequence[tuple[str, Obstacle]] = (
    (
        r"Bad owner or permissions on (?P<path>\S+)",
        Obstacle(
            "settings",
            _("ssh does not take its settings in {path}"),
            _("They are another user's, or others may write to them."),
            "chmod 600 {path}",
            lasting=True,
        ),
    ),
    (
        r"(?P<words>\S*conf\S* line \d+: .*|.*[Bb]ad configuration option.*)",
        Obstacle("settings", _("ssh does not take its settings: {words}"), "", _EDIT, lasting=True),
    ),
    (
        r"Could not resolve hostname (?P<name>\S+?):",
        Obstacle(
            "name",
            _("ssh knows no machine named {name}"),
            _("It is misspelt, needs a VPN, or has no Host line in ~/.ssh/config."),
            _EDIT,
        ),
    ),
    (
        r"connect to host (?P<host>\S+) port (?P<port>\d+): Connection refused",
        Obstacle(
            "port",
            _("nothing listens at port {port} of {host}"),
            _("No sshd runs there, or it has another port: ssh://box:PORT names one."),
            "{verbose}",
        ),
    ),
    (
        r"connect to host (?P<host>\S+) port (?P<port>\d+): (?P<why>.*)",
        Obstacle(
            "port",
            _("no answer from port {port} of {host}: {why}"),
            _("The machine is off or asleep, needs a VPN, or a firewall swallows what is sent."),
            "ping {host}",
        ),
    ),
    (
        r"Host key for (?P<name>\S+) has changed",
        Obstacle(
            "host key",
            _("the host key of {name} is not the one that was known"),
            _(
                "The box was set up anew, or something in between claims to be it. Only if you "
                "know that it was set up anew:"
            ),
            "ssh-keygen -R {name}\n{ssh}",
            lasting=True,
        ),
    ),
    (
        r"Host key verification failed|No \S+ host key is known",
        Obstacle(
            "host key",
            _("the host key of {box} is not known here yet"),
            _("Sign in once by hand, compare the fingerprint, and say yes:"),
            "{ssh}",
            lasting=True,
        ),
    ),
    (
        r"Permissions \S+ for '(?P<path>.+)' are too open",
        Obstacle(
            "sign-in",
            _("ssh does not use the key {path}"),
            _("Others may read it."),
            "chmod 600 {path}",
            lasting=True,
        ),
    ),
    (
        r"Too many authentication failures",
        Obstacle(
            "sign-in",
            _("{box} was offered too many keys"),
            _("Name the right one in ~/.ssh/config, by IdentityFile and IdentitiesOnly yes:"),
            _EDIT,
            lasting=True,
        ),
    ),
    (
        r"(?P<who>\S+): Permission denied \((?P<ways>.*?)\)",
        Obstacle(
            "sign-in",
            _("{who} is not let in ({ways})"),
            _("The box knows no key of yours, or its passphrase is wanted and no agent has it."),
            "{copy_id}\nssh-add",
            lasting=True,
        ),
    ),
    (
        r"open failed: (administratively prohibited|unknown channel type)",
        Obstacle(
            "forward",
            _("{box} lets you in, but does not let you on to {target}"),
            _("Its sshd forbids it: AllowTcpForwarding, PermitOpen, or the limits of your key."),
            _("there, in {file}:").format(file="/etc/ssh/sshd_config")
            + " AllowTcpForwarding yes\n"
            + "{ssh} sudo systemctl reload ssh",
            lasting=True,
        ),
    ),
    (
        r"open failed: (connect failed: )?(?P<why>.*)",
        Obstacle(
            "server",
            _("the tunnel to {box} stands, but nothing answers at {target} there: {why}"),
            _("Ollama does not run there, or has another port: ssh://box/:PORT names one."),
            "{ssh} ollama serve",
        ),
    ),
    (
        r"Timeout, server .* not responding",
        Obstacle(
            "port",
            _("the line to {box} was silent for too long"),
            _("The network is gone, or the machine sleeps."),
        ),
    ),
    (
        r"kex_exchange_identification|banner exchange|Connection (closed|reset) by",
        Obstacle(
            "port",
            _("{box} hung up before it said who it is"),
            _("Its sshd is overloaded, does not let this machine in, or is something else."),
            "{verbose}",
        ),
    ),
)
"""What ssh writes, and what it means; the first that fits says most."""
