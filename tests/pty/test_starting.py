"""What happens before anything else."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from terminal import Terminal

LOOK = """
import json, sys
from tui.worker.worker import Worker

def start(self):  # the first thing that happens after the first frame
    with open(sys.argv[1], "w") as file:
        json.dump([*sys.modules], file)
    raise SystemExit(0)

Worker.start = start
from tui.__main__ import main
main([])
"""
LATER = (
    *("httpx", "h11", "markdown_it", "pygments.lexers", "rich.markdown", "sqlite3"),
    *("importlib.metadata", "rich._unicode_data.unicode17-0-0", "tomlkit", "tui.engine"),
    *("xllamacpp", "logging.handlers", "tui.domain.exports", "tui.domain.references"),
    *("tui.screens.chats.drawer", "tui.screens.chats.setting"),
    *("tui.screens.chats.slash", "tui.screens.dialogs", "tui.screens.reader"),
    *("tui.store.attachments", "tui.worker.attachments", "tui.worker.disks", "tui.worker.doctor"),
    *("tui.worker.download", "tui.worker.scouting", "tui.worker.titles", "tui.worker.transfer"),
    *("tui.worker.updates",),
)


@asynccontextmanager
async def silent_server(met: asyncio.Event) -> AsyncIterator[str]:
    """A server that takes connections and never says a word."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1") as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_the_first_frame_stands_before_any_server_is_asked(tmp_path: Path) -> None:
    met = asyncio.Event()
    async with silent_server(met) as url, Terminal("--host", url, home=tmp_path) as terminal:
        await terminal.until(lambda: met.is_set() or terminal.has("Asking"))
        assert terminal.has("Asking")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0


async def test_nothing_is_imported_that_the_first_frame_does_not_need(tmp_path: Path) -> None:
    file = tmp_path / "modules.json"
    command = (sys.executable, "-P", "-c", LOOK)
    async with Terminal(str(file), home=tmp_path, command=command) as terminal:
        await terminal.until(file.exists)
        await terminal.exit_code()
    loaded = json.loads(file.read_text())
    early = [name for name in LATER if name in loaded]
    assert not early
