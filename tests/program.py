"""The program without its screen: a worker on a home folder, and all that it told."""

from pathlib import Path
from typing import Self, TypeVar

from eventually import eventually
from tui.domain.hosts import HostAddress
from tui.domain.places import Places
from tui.domain.session import Message, Session
from tui.store.session_file import decode
from tui.store.settings import Settings
from tui.worker.conversations import Conversations
from tui.worker.events import Event, Notice
from tui.worker.hosts import Hosts
from tui.worker.pulls import Pulls
from tui.worker.replies import Replies
from tui.worker.worker import Worker

E = TypeVar("E")
MODEL = "llama3.2:3b"


class Program:
    """Runs while entered. Servers are addresses by name; the first is the one in use."""

    def __init__(self, home: Path, pulls_at_once: int = 2, **servers: str) -> None:
        self.places = Places.below(home)
        addresses = {name: HostAddress.parse(url) for name, url in servers.items()}
        settings = Settings(pulls_at_once=pulls_at_once, check_updates=False)
        self.worker = Worker(self.places, settings, addresses, next(iter(servers), ""))
        self.told: list[Event] = []
        self.worker.events.subscribe(self.told.append)

    async def __aenter__(self) -> Self:
        await self.worker.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.worker.__aexit__(*exc)

    @property
    def conversations(self) -> Conversations:
        return self.worker.conversations

    @property
    def replies(self) -> Replies:
        return self.worker.replies

    @property
    def pulls(self) -> Pulls:
        return self.worker.pulls

    @property
    def hosts(self) -> Hosts:
        return self.worker.hosts

    def heard(self, kind: type[E]) -> list[E]:
        """All of a kind that was told."""
        return [event for event in self.told if isinstance(event, kind)]

    @property
    def notices(self) -> list[str]:
        return [notice.text for notice in self.heard(Notice)]

    def models(self, host: str = "local") -> list[str]:
        """The models of a host as far as known."""
        return [each.name for each in self.hosts.status(host).models or ()]

    def chat(self, host: str = "local", model: str = MODEL) -> Session:
        """A new conversation."""
        return self.conversations.create(host, model)

    async def asked(self, text: str = "Hi", **where: str) -> str:
        """The id of a conversation in which something was asked and is answered."""
        session = self.chat(**where)
        self.replies.send(session.id, text)
        await self.worker.idle()
        return session.id

    async def says(self, id: str, text: str = "") -> None:
        """Wait until a running answer holds a text."""

        def said() -> bool:
            state = self.replies.running(id)
            assert state is not None, self.last(id)
            return bool(state.message.content) and text in state.message.content

        await eventually(said, f"an answer with {text!r}")

    def last(self, id: str) -> Message:
        """The message shown last."""
        return self.conversations.open(id).branch()[-1]

    def stored(self, id: str) -> Session:
        """A conversation as it is on disk."""
        return decode((self.places.sessions / f"{id}.json").read_bytes())

    def journals(self) -> list[Path]:
        return [*self.places.sessions.glob("*.journal")]
