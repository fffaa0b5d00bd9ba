"""Somebody at the program: a home folder, a server, keys, and eyes on the screen."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

import stored
from tui.app import OllamaTui
from tui.domain.hosts import HostAddress
from tui.domain.places import Places
from tui.domain.session import Message, Session
from tui.domain.start import Start
from tui.screens.chats.screen import ChatsScreen
from tui.store.settings import SettingsStore
from tui.worker.worker import Worker
from widget_host import rows, shown

NOBODY = "127.0.0.1:1"
"""An address at which no server listens."""


class User:
    """Presses keys and waits for what should come of them."""

    def __init__(self, app: OllamaTui, pilot: Pilot[None], home: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.home = home

    @property
    def worker(self) -> Worker:
        return self.app.worker

    @property
    def chats(self) -> ChatsScreen:
        return self.app.chats

    @property
    def prompt(self) -> str:
        """What stands in the prompt."""
        return self.chats.pane.prompt.text

    @property
    def told(self) -> list[str]:
        """Every toast that is still up."""
        return [notification.message for notification in self.app._notifications]

    @property
    def said(self) -> str:
        """The last of them; empty while there is none."""
        return "".join(self.told[-1:])

    @property
    def screen(self) -> list[str]:
        return rows(self.app)

    @property
    def session(self) -> Session:
        """The conversation on top."""
        assert self.chats.desk.session is not None
        return self.chats.desk.session

    @property
    def last(self) -> Message:
        """The last message of the branch on top."""
        return self.session.branch()[-1]

    def stored(self) -> list[Session]:
        """Every conversation on disk."""
        return stored.sessions(self.home)

    def sees(self, text: str) -> bool:
        return text in shown(self.app)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*("space" if each == " " else each for each in text))

    async def ask(self, text: str) -> None:
        """Type and send."""
        await self.type(text)
        await self.press("enter")

    async def ask_and_hear(self, text: str) -> None:
        """Ask, and wait until the answer is there and on disk."""
        await self.ask(text)
        await self.rest()

    async def begins(self, text: str = "") -> None:
        """Wait until an answer is on its way."""

        def said() -> bool:
            reply = self.worker.replies.running(self.session.id)
            return reply is not None and bool(reply.message.content) and self.sees(text)

        await self.until(said)

    async def rest(self) -> None:
        """Wait until nothing runs and all that was done is on disk and on the screen."""
        await self.worker.idle()
        await self.pilot.pause()

    async def sees_soon(self, text: str) -> None:
        await self.until(lambda: self.sees(text), text)

    async def until(self, true: Callable[[], object], what: str = "") -> None:
        """Wait until something has come true, at most 10 s."""
        try:
            async with asyncio.timeout(10):
                while not true():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"waited for {what!r}; there is\n{shown(self.app)}") from None
        await self.pilot.pause()


Servers = str | dict[str, str]
"""A URL, which is named `local`; or URLs by name, of which the first is in use."""


@asynccontextmanager
async def started(
    home: Path,
    servers: Servers,
    start: Start | None = None,
    size: tuple[int, int] = (100, 30),
    *,
    toasts: bool = False,
) -> AsyncIterator[User]:
    """The whole program over a home folder."""
    places = Places.below(home)
    settings, complaints = SettingsStore(places).load()
    settings.check_updates = False  # no test asks the world's registries
    named = {"local": servers} if isinstance(servers, str) else servers
    hosts = {name: HostAddress.parse(url) for name, url in named.items()}
    async with Worker(places, settings, hosts, next(iter(hosts))) as worker:
        app = OllamaTui(worker, settings, start or Start(), complaints)
        async with app.run_test(size=size, notifications=toasts) as pilot:
            yield User(app, pilot, home)


@asynccontextmanager
async def chatting(
    home: Path, servers: Servers, start: Start | None = None, size: tuple[int, int] = (100, 30)
) -> AsyncIterator[User]:
    """The whole program, once its server has been heard and a chat is open."""
    async with started(home, servers, start, size) as user:
        await user.until(lambda: user.chats.model and user.chats.focused, "a chat")
        yield user
