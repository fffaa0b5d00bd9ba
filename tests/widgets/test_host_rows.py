from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tui.domain.models import LocalModel, RunningModel
from tui.domain.status import Gpu, HostStatus
from tui.widgets.host_rows import HostLine, HostRows, model_key, parted
from widget_host import Host, rows

GB = 10**9
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
GPU = RunningModel(
    name="llama3:8b", size=6 * GB, size_vram=6 * GB, context_length=8192,
    expires_at=NOW + timedelta(days=365 * 292),
)  # fmt: skip
MIXED = RunningModel(
    name="qwen3:14b", size=12 * GB, size_vram=9 * GB, context_length=16384,
    expires_at=NOW + timedelta(seconds=221),
)  # fmt: skip
UP = HostStatus(
    name="gpu-box-1", address="http://gpu-box-1:11434", is_local=False, state="up",
    version="0.32.15", latency=0.0041, models=(LocalModel(name="a", size=GB),),
    running=(GPU, MIXED),
)  # fmt: skip
DOWN = HostStatus(
    name="home", address="http://127.0.0.1:11501", state="down", error="Nothing listens there.",
    since=NOW, next_try=NOW + timedelta(seconds=40),
)  # fmt: skip


async def drawn(width: int, *lines: HostLine) -> list[str]:
    table = HostRows()
    app = Host(table)
    async with app.run_test(size=(width, 16)) as pilot:
        table.show_hosts(lines)
        await pilot.pause()
        return rows(app)


async def test_a_host_says_how_it_is_and_what_it_holds() -> None:
    text = await drawn(120, HostLine(UP, NOW, in_use=True))
    assert text[0] == (" ▸ ● gpu-box-1               in use      0.32.15    4 ms   1 model, 1.0 GB")
    assert text[1] == "     direct   http://gpu-box-1:11434"
    assert text[3].split() == ["VRAM", "15.0", "GB", "context"]
    first, second = text[4], text[5]
    assert first.split()[:3] == ["llama3:8b", "6.0", "GB"]
    assert first.endswith("GPU             8,192  stays loaded")
    assert second.endswith("25 % on CPU    16,384  unloads in 3:41")
    assert first.index("─") >= second.index("━") - 1


async def test_where_nothing_is_on_a_gpu_the_memory_is_told() -> None:
    slow = [msgspec.structs.replace(model, size_vram=0) for model in (GPU, MIXED)]
    text = await drawn(120, HostLine(msgspec.structs.replace(UP, running=tuple(slow)), NOW))
    assert text[3].split() == ["memory", "18.0", "GB", "context"]
    assert text[4].count("━") < text[5].count("━")
    assert all("  CPU  " in line for line in text[4:6])


async def test_what_is_loaded_is_shown_against_all_there_is() -> None:
    text = await drawn(120, HostLine(UP, NOW, vram_total=30 * GB))
    assert text[3].split()[0] == "VRAM"
    assert text[3].count("━") == 16
    assert "15.0/30.0 GB" in text[3]
    assert (text[4].count("━"), text[5].count("━")) == (6, 9)


@pytest.mark.parametrize("width", [120, 80, 40])
async def test_the_cards_of_this_machine_tell_load_memory_and_temperature(width: int) -> None:
    card = Gpu(name="NVIDIA GeForce RTX 4090", total=24 * GB, used=18 * GB, load=0.45, degrees=61)
    host = msgspec.structs.replace(UP, running=(), gpus=(card, Gpu(name="T4")))
    text = await drawn(width, HostLine(host, NOW))
    told = text[3].split()
    assert told[:4] == ["RTX", "4090", "45", "%"]
    assert "45 % · 61°C" in text[3]
    assert ("18.0/24.0 GB" in text[3]) == (width >= 80)
    assert text[4].split() == ["T4"]


async def test_an_unchecked_certificate_and_the_first_host_are_named() -> None:
    host = msgspec.structs.replace(UP, address="https://box", unverified=True)
    text = await drawn(80, HostLine(host, NOW, at_start=True))
    assert text[1] == "     direct, unverified   https://box   at start"


async def test_a_host_that_is_down_says_why_and_when_it_is_tried() -> None:
    text = await drawn(80, HostLine(DOWN, NOW))
    assert text[0].split()[:4] == ["▸", "○", "home", "down"]
    assert text[2] == "     Nothing listens there. Next try in 40 s; r tries now."


async def test_a_tunnel_says_how_it_is() -> None:
    lab = msgspec.structs.replace(
        UP, address="ssh://lab", tunnel="up", tunnel_since=NOW - timedelta(hours=3)
    )
    assert (await drawn(80, HostLine(lab, NOW)))[1] == "     tunnel up for 3 h   ssh://lab"
    new = msgspec.structs.replace(lab, tunnel_since=NOW)
    assert (await drawn(80, HostLine(new, NOW)))[1] == "     tunnel up   ssh://lab"
    opening = msgspec.structs.replace(DOWN, address="ssh://lab", tunnel="opening")
    assert (await drawn(80, HostLine(opening, NOW)))[1] == "     tunnel opening   ssh://lab"


async def test_a_tunnel_that_is_down_says_what_mends_it() -> None:
    gone = msgspec.structs.replace(
        DOWN, address="ssh://lab", tunnel="down", error="ssh://lab: me is not let in.\nssh-add"
    )
    text = await drawn(80, HostLine(gone, NOW))
    assert text[1:5] == [
        "     tunnel down   ssh://lab",
        "     ssh://lab: me is not let in.",
        "     ssh-add",
        "     Next try in 40 s; r tries now.",
    ]


async def test_what_is_not_known_yet_is_no_zero() -> None:
    text = await drawn(80, HostLine(HostStatus(name="new", address="http://new"), NOW))
    assert "connecting" in text[0]
    up = HostStatus(name="new", address="http://new", state="up")
    assert (await drawn(80, HostLine(up, NOW)))[0].endswith("asking...")


async def test_an_engine_that_nobody_started_is_off_not_down() -> None:
    text = await drawn(
        80, HostLine(HostStatus(name="embedded", state="down", error="not started"), NOW)
    )
    assert text[0].split() == ["▸", "○", "embedded", "off"]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 110, 120, 200])
async def test_rows_are_never_wider_than_the_window(width: int) -> None:
    text = await drawn(width, HostLine(UP, NOW), HostLine(DOWN, NOW))
    assert all(len(line) <= width for line in text)


def test_a_key_tells_host_and_model() -> None:
    assert parted(model_key("gpu-box-1", "llama3:8b")) == ("gpu-box-1", "llama3:8b")
    assert parted("gpu-box-1") == ("gpu-box-1", "")


async def test_a_server_of_another_make_is_told_with_its_version_and_nothing_made_up() -> None:
    model = "meta-llama/Llama-3.1-8B-Instruct"
    served = HostStatus(
        name="cluster", address="http://head:8000", is_local=False, state="up", kind="openai",
        version="vLLM 0.11.0", latency=0.0041, models=(LocalModel(name=model),),
        running=(RunningModel(name=model, context_length=32768),),
    )  # fmt: skip
    shown = await drawn(120, HostLine(served, NOW, vram_total=24 * GB))
    text = "\n".join(shown)
    assert "0.11.0" in shown[0]
    assert "1 model" in shown[0]
    assert "direct   http://head:8000   vLLM" in shown[1]
    assert [*shown[2].split()] == [model, "loaded", "32,768"]
    for word in ("VRAM", "memory", "GPU", "0 B"):
        assert word not in text
    assert "loaded" in "\n".join(await drawn(50, HostLine(served, NOW)))
