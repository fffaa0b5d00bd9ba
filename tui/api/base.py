"""A client of one server, whatever that speaks: what all have in common, and what only some can."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from tui.api.access import Access
from tui.api.errors import NotServed
from tui.api.requests import ChatRequest
from tui.domain.hosts import HostAddress, HostKind
from tui.domain.language import _
from tui.domain.models import LocalModel, ModelCard, RunningModel
from tui.domain.pulls import Progress
from tui.domain.replies import Delta

if TYPE_CHECKING:
    from tui.api.connection import Connection

PATIENCE = 30.0
"""Seconds that a question without a model's work in it may take."""


class Client(ABC):
    """One server. Every call raises OllamaError and nothing else.

    What servers of its kind cannot do raises NotServed. Consume streams inside `aclosing`: the
    server works on until the connection is closed.
    """

    kind: ClassVar[HostKind]

    def __init__(
        self,
        address: HostAddress,
        access: Access | None = None,
        *,
        connect_timeout: float | None = None,
    ) -> None:
        """`access` is what the host's settings want; `connect_timeout` goes before theirs."""
        self.address = address
        self.access = access or Access()
        self._connect_timeout = connect_timeout or self.access.setting.connect_timeout

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of every connection; running streams are interrupted."""
        if connection := self.__dict__.pop("_connection", None):
            await connection.close()

    @cached_property
    def _connection(self) -> "Connection":
        # httpx takes longer to import than the first frame may take.
        from tui.api.connection import Connection

        return Connection(self.address, self.access, self._connect_timeout)

    @property
    def takes(self) -> frozenset[str] | None:
        """The options of a request that it takes; None for all that Ollama has."""
        return None

    @property
    def tells_loaded(self) -> bool:
        """Whether `running` tells what is in its memory."""
        return True

    @abstractmethod
    async def version(self) -> str:
        """The server's version, such as 0.32.15."""

    @abstractmethod
    async def models(self) -> list[LocalModel]:
        """The models that can be asked."""

    @abstractmethod
    async def running(self) -> list[RunningModel]:
        """The models in the server's memory."""

    @abstractmethod
    async def show(self, model: str, *, verbose: bool = False) -> ModelCard:
        """What the server knows of a model; `verbose` adds its token lists, a megabyte."""

    @abstractmethod
    def chat(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Answer the last of `request.messages`, delta by delta; the last one is `done`."""

    @abstractmethod
    async def embed(self, model: str, input: Sequence[str]) -> list[list[float]]:
        """One vector for each text."""

    @abstractmethod
    async def load(self, model: str, **how: object) -> None:
        """Bring a model into memory, with `keep_alive` and `options`, as long as that takes."""

    async def rendered(self, request: ChatRequest) -> str | None:
        """The prompt that a model would be given; None from a server that does not tell."""
        return None

    async def remarks(self, request: ChatRequest) -> list[str]:
        """What of a request the server is not asked for, in sentences for the user."""
        return []

    # --- what only a server can do that keeps its own models ---

    async def unload(self, model: str) -> None:
        """Take a model out of memory as soon as its running answers have ended."""
        raise self._not_served()

    def pull(self, model: str, *, insecure: bool = False) -> AsyncGenerator[Progress, None]:
        """Download a model to the server. Closing stops it; the next pull goes on from there."""
        raise self._not_served()

    def push(self, model: str, *, insecure: bool = False) -> AsyncGenerator[Progress, None]:
        """Upload a model from the server to its registry."""
        raise self._not_served()

    def create(self, model: str, body: Mapping[str, Any]) -> AsyncGenerator[Progress, None]:
        """Make a model of `from` or `files` and whatever else `body` holds."""
        raise self._not_served()

    async def has_blob(self, digest: str) -> bool:
        """Whether the server holds a file with this `sha256:...`."""
        raise self._not_served()

    async def upload_blob(
        self, digest: str, path: Path, on_sent: Callable[[int], None] | None = None
    ) -> None:
        """Send a file to the server; `on_sent` hears how many bytes have gone out."""
        raise self._not_served()

    async def copy(self, source: str, destination: str) -> None:
        """Give a model a second name; no data is copied."""
        raise self._not_served()

    async def delete(self, model: str) -> None:
        """Delete a name, and the files that no other name needs."""
        raise self._not_served()

    async def account(self) -> str:
        """The name of the server's account at ollama.com; Unauthorized says where to sign in."""
        raise NotServed(_no_account(self.address.called))

    async def sign_out(self) -> None:
        """Sign the server out from ollama.com."""
        raise NotServed(_no_account(self.address.called))

    def _not_served(self) -> NotServed:
        return not_served(self.address.called)


def not_served(where: str) -> NotServed:
    """The error for what a server cannot do whose models are chosen where it is started."""
    return NotServed(
        _(
            "{where} speaks the OpenAI API, which only asks models: none can be pulled, made, "
            "copied, deleted or unloaded over it. Which models there are is decided where that "
            "server is started; a host that runs Ollama can do all of this."
        ).format(where=where)
    )


def _no_account(where: str) -> str:
    return _("{where} speaks the OpenAI API: it has no account at ollama.com.").format(where=where)
