"""What models take of a host's memory."""

from pathlib import Path

from tui.domain.models import Details, LocalModel, RunningModel
from tui.domain.places import Places
from tui.domain.status import HostStatus
from tui.store.findings import FindingStore
from tui.store.writer import Writer
from tui.worker.events import Events, HostChanged
from tui.worker.memory import Memory

MODEL = LocalModel(name="a:8b", digest="d", size=5 * 10**9, details=Details(parameter_size="8B"))


def test_a_measured_size_replaces_the_reckoned_one(tmp_path: Path) -> None:
    events, writer = Events(), Writer()
    places = Places.below(tmp_path)
    vram = {"gpu": 24 * 10**9}
    memory = Memory(FindingStore(places, writer), lambda host: vram.get(host, 0), events)
    assert memory.vram("gpu") == 24 * 10**9
    assert memory.vram("local") == 0
    assert not memory.need("gpu", MODEL, 8192).measured
    running = RunningModel(name="a:8b", digest="d", size=6 * 10**9, context_length=8192)
    events.tell(HostChanged(HostStatus(name="gpu", running=(running,))))
    assert memory.need("gpu", MODEL, 8192).high == 6 * 10**9
    assert not memory.need("gpu", MODEL, 4096).measured
    assert memory.need("gpu", MODEL, 4096).measured_with == 8192
    assert memory.last_context("gpu", MODEL) == 8192
    writer.close()
    again = Memory(FindingStore(places, Writer()), lambda _host: 0, Events())
    assert again.need("gpu", MODEL, 8192).measured
