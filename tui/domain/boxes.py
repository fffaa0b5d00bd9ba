"""Machines that ssh reaches: `[user@]box[:port]`, and where Ollama is as they see it."""

from typing import Self

import msgspec

from tui.domain.language import _


class Box(msgspec.Struct, frozen=True):
    """A machine behind ssh, and the Ollama that it reaches."""

    host: str
    """A name of the DNS, a number, or a `Host` of ~/.ssh/config."""
    user: str = ""
    port: int = 0
    """0 is what ssh's own settings say."""
    target: str = ""
    """The server as ssh names the end of a forward: host:port, or the path of a socket."""
    behind: str = ""
    """The same as the user writes it behind the slash; empty for Ollama's own address."""

    @classmethod
    def parse(cls, where: str, target: str, behind: str) -> Self:
        """Read `[user@]box[:port]`. Raises ValueError."""
        user, _at, rest = where.rpartition("@")
        host, port = _split(rest)
        if ":" in user:
            raise ValueError(
                _("ssh takes no password from an address. Use a key: ssh-copy-id brings it there.")
            )
        if not host or any(_is_odd(each) for each in (user, host)):
            raise ValueError(_("ssh:// needs a machine, as in ssh://me@gpu-box."))
        return cls(host, user, port, target, behind)

    @property
    def shown(self) -> str:
        """The address as the user writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        behind = f"/{self.behind}" if self.behind else ""
        return f"ssh://{self._at}{host}{port}{behind}"

    @property
    def words(self) -> list[str]:
        """What stands behind `ssh` to get there."""
        return [*(["-p", str(self.port)] if self.port else []), f"{self._at}{self.host}"]

    def command(self, *program: str) -> str:
        """What the user types to get there."""
        import shlex

        return shlex.join([*(program or ["ssh"]), *self.words])

    @property
    def _at(self) -> str:
        return f"{self.user}@" if self.user else ""


def _split(where: str) -> tuple[str, int]:
    """Host and port. Raises ValueError."""
    if where.startswith("["):
        host, _bracket, rest = where[1:].partition("]")
        port = rest.removeprefix(":")
    elif where.count(":") > 1:
        host, port = where, ""
    else:
        host, _colon, port = where.partition(":")
    if not port:
        return host, 0
    if not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise ValueError(_("{port} is not a port of ssh.").format(port=port))
    return host, int(port)


def _is_odd(word: str) -> bool:
    """Whether ssh would take it for an option, or refuse it."""
    return word.startswith("-") or not all(each.isalnum() or each in "-._~:%+@\\" for each in word)
