"""The download queue on disk: one file a job."""

import contextlib
from collections.abc import Callable, Container

import msgspec

from tui.domain.places import Places
from tui.domain.pulls import Pull
from tui.domain.session import new_id
from tui.domain.wishes import Wish
from tui.store.files import as_json, files_in, set_aside
from tui.store.locks import Lock
from tui.store.writer import Writer


class JobStore:
    """Loads and saves the jobs of the queue."""

    def __init__(self, places: Places, writer: Writer) -> None:
        self._folder = places.queue
        self._writer = writer
        self.lock = Lock(places.state / "queue.lock")
        """The program that holds it runs the queue; the others follow."""
        self.damaged: list[str] = []
        """One sentence for each file that was moved aside."""
        self._left_alone: set[str] = set()
        """Jobs for another program to go on with."""

    def load(self, known: Container[str] = ()) -> list[Pull]:
        """The jobs that are not `known`, in the order of the queue.

        Damaged files are moved aside.
        """
        found = []
        for path in files_in(self._folder, ".json"):
            if path.stem in known or path.stem in self._left_alone:
                continue
            try:
                found.append(msgspec.json.decode(path.read_bytes(), type=Pull))
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                self.damaged.append(set_aside(path, error))
            except OSError:
                continue
        return sorted(found, key=lambda pull: (pull.place, pull.id))

    def claim(self, wanted: Callable[[Pull], bool]) -> None:
        """Take the queue for the jobs that are wanted, leaving the others alone, if it is free."""
        if self.lock.take():
            self._left_alone = {job.id for job in self.load() if not wanted(job)}

    def save(self, pull: Pull) -> None:
        """Write a job whole."""
        data = msgspec.json.format(as_json(pull), indent=1)
        self._writer.write(self._folder / f"{pull.id}.json", data)

    def remove(self, id: str) -> None:
        """Take a job out of the queue."""
        self._writer.remove(self._folder / f"{id}.json")

    def wish(self, wish: Wish) -> None:
        """Leave a wish for the program that runs the queue."""
        self._writer.write(self._folder / f"{new_id()}.wish", as_json(wish))

    def wishes(self) -> list[Wish]:
        """What other programs wished, in the order in which they did; nobody is told twice."""
        found = []
        for path in files_in(self._folder, ".wish"):
            with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError, OSError):
                found.append(msgspec.json.decode(path.read_bytes(), type=Wish))
            with contextlib.suppress(OSError):
                path.unlink()
        return found
