"""Runs the engine: where it listens, who may end it, and that nothing of it is left behind."""

import fcntl
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import uvloop

from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.places import Places, home_path
from tui.engine.downloads import Downloads
from tui.engine.followers import Followers
from tui.engine.models import Models
from tui.engine.scheduler import Scheduler
from tui.engine.server import BACKLOG, Server
from tui.engine.service import Engine
from tui.engine.sockets import socket_folder
from tui.engine.starter import Starter
from tui.engine.store import Store


class PortTaken(Exception):
    """Somebody else listens there; the text is for the user."""


class AlreadyRunning(Exception):
    """Another engine follows the same programs; the text is its address, empty while it starts."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the engine is to be run."""

    address: HostAddress
    follow: bool = False
    """End when the last attached program has left."""


def serve(wanted: Wanted) -> None:
    """Run until a signal comes or the last follower leaves. Raises PortTaken, AlreadyRunning."""
    os.umask(0o077)
    places = Places.find()
    store = Store(home_path(os.environ.get("OLLAMA_MODELS") or places.models))
    store.prepare()
    with _lock(places.state) if wanted.follow else _nothing(), _listening(wanted.address) as bound:
        uvloop.run(_run(wanted, bound, places, store))


async def _run(wanted: Wanted, bound: socket.socket, places: Places, store: Store) -> None:
    with socket_folder() as sockets, _announced(wanted.address, places):
        followers = Followers()
        engine = Engine(
            store=store,
            models=Models(store),
            scheduler=Scheduler(sockets),
            followers=followers,
            downloads=Downloads(store),
            starter=Starter(store),
        )
        server = Server(engine, wanted.address)
        if wanted.follow:
            followers.watch()
        _say_ready(server.shown(bound))
        await server.serve_until_ended(bound)


def _say_ready(where: str) -> None:
    """One line: for a person at a terminal, else for the program that started this one."""
    if sys.stdout.isatty():
        print(_("Ollama's API is served at {where}; ^C ends it.").format(where=where), flush=True)
    else:
        print(json.dumps({"listening": where}), flush=True)


@contextmanager
def _listening(address: HostAddress) -> Iterator[socket.socket]:
    """A bound socket, and no trace of it afterwards."""
    if not address.socket:
        with _tcp(address) as bound:
            yield bound
        return
    path = Path(address.socket)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear(path)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
        bound.listen(BACKLOG)
        try:
            yield bound
        finally:
            path.unlink(missing_ok=True)


def _clear(path: Path) -> None:
    """Remove a socket that nobody listens to any more."""
    if not path.exists():
        return
    if not path.is_socket():
        raise PortTaken(
            _("{path} is no socket, and it is kept. Choose another path.").format(path=path)
        )
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
    raise PortTaken(_("Another engine listens at {path}.").format(path=path))


def _tcp(address: HostAddress) -> socket.socket:
    host = address.host or "127.0.0.1"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, or asyncio would not switch off Nagle's delay: 40 ms an answer.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, address.port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise PortTaken(_taken(address, error)) from error
    return bound


def _taken(address: HostAddress, error: OSError) -> str:
    import errno

    if error.errno == errno.EADDRINUSE:
        return _(
            "port {port} is taken: another Ollama server probably runs there. Use it as it is, or "
            "choose another port with --host {host}:{other}."
        ).format(port=address.port, host=address.host, other=address.port + 1)
    return _("{address} cannot be listened on: {reason}. Choose another one with --host.").format(
        address=address.url, reason=error.strerror or error
    )


@contextmanager
def _lock(state: Path) -> Iterator[None]:
    """One following engine a state folder: programs would not know which one to attach to."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state / "engine.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(_running(state)) from error
        yield


def _running(state: Path) -> str:
    try:
        return str(json.loads((state / "engine.json").read_bytes())["socket"])
    except (OSError, ValueError, KeyError):
        return ""


@contextmanager
def _announced(address: HostAddress, places: Places) -> Iterator[None]:
    """`state/engine.json` for as long as the engine listens at a socket."""
    if not address.socket:
        yield
        return
    path = places.state / "engine.json"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"socket": address.socket, "pid": os.getpid()}))
    os.replace(draft, path)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()


@contextmanager
def _nothing() -> Iterator[None]:
    yield
