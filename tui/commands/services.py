"""What a command works with."""

from dataclasses import dataclass

from tui.api.base import Client, not_served
from tui.api.errors import OllamaError
from tui.commands.output import remark
from tui.worker.worker import Worker

OK, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
"""Exit codes; WRONG is what argparse too says of wrong words."""


class Wrong(Exception):
    """The words of a command do not go together; the text is for the user."""


@dataclass(frozen=True)
class Services:
    """The worker, which was not started: no host is watched, no conversation looked through."""

    worker: Worker

    @property
    def host(self) -> str:
        """The name of the server in use."""
        return self.worker.hosts.current

    def want_keeper(self) -> None:
        """Raise NotServed unless the server in use has models of its own to tend."""
        status = self.worker.hosts.status(self.host)
        if status.is_fixed:
            raise not_served(status.address)

    async def client(self) -> Client:
        """The client of the server in use. Raises OllamaError."""
        return await self.worker.hosts.client(self.host)


def failed(name: str, error: OllamaError | ValueError) -> None:
    """Tell that one of several could not be done; the others go on."""
    remark(f"{name}: {error}")
