"""More servers for pictures, and a question that three of them have answered."""

from datetime import timedelta
from pathlib import Path

from still_life import HOST, MODELS, NOW, OTHERS, running
from tui.domain.models import LocalModel
from tui.domain.replies import Stats
from tui.domain.session import Message, Session
from tui.domain.status import HostStatus

SETTINGS = """\
[hosts.gpu-box-1]
url = "gpu-box-1"
vram = "24 GB"
[hosts.workstation]
url = "workstation"
vram = "96 GB"
[hosts.lab]
url = "lab"
vram = "48 GB"
"""
GB = 10**9
_SIZES = {name: size for name, size, *_more in MODELS} | {"llama3.3:70b": 42.5}


def _has(*names: str, digest: str = "") -> tuple[LocalModel, ...]:
    """Models of which nobody tells the version, but for the last one's."""
    return tuple(
        LocalModel(
            name=name, size=int(_SIZES[name] * GB), digest=digest if name == names[-1] else ""
        )
        for name in names
    )


FLEET = {
    "workstation": HostStatus(
        name="workstation", address="http://workstation:11434", is_local=False, state="up",
        version="0.32.15", latency=0.0031,
        models=_has("llama3.3:70b", "qwen2.5-coder:32b", "gpt-oss:20b", "qwen3:14b"),
        running=(
            running("llama3.3:70b", 44.1, 1.0, 8192, None),
            running("qwen2.5-coder:32b", 26.3, 0.78, 32768, 0.87),
        ),
    ),
    "lab": HostStatus(
        name="lab", address="ssh://me@lab", is_local=False, state="up", tunnel="up",
        tunnel_since=NOW - timedelta(hours=3), version="0.32.14", latency=0.038,
        models=_has("gpt-oss:20b", "gemma3:12b", "llama3.1:8b", digest="5f"),
        running=(running("gpt-oss:20b", 14.1, 1.0, 16384, 12.0),),
    ),
    "mac-mini": HostStatus(
        name="mac-mini", address="http://mac-mini:11434", is_local=False, state="up",
        version="0.32.15", latency=0.0042, models=_has("gemma3:12b", "qwen3:0.6b"),
    ),
    "attic": HostStatus(
        name="attic", address="http://attic:11434", is_local=False, state="down",
        error="attic does not take the call: is the machine on?",
        since=NOW - timedelta(minutes=12), next_try=NOW + timedelta(seconds=4),
    ),
    "local": OTHERS["local"],
}  # fmt: skip

ASKED = "When is a mutex better than a channel? Three sentences."
SAID = (
    ("llama3.1:8b", HOST, 8.1, 96, "A mutex is better when several threads need the **same state** "
     "in place, as with a cache or a counter. It costs one lock and no copies.\n\nA channel suits "
     "work that moves on: hand the value over and forget it."),
    ("qwen2.5-coder:32b", "workstation", 21.4, 118, "Take a `Mutex` when data is *shared*, a "
     "channel when it is *handed over*.\n\n- A lock around a map is one line and fast.\n"
     "- A channel needs an owner that serves requests.\n- Never hold a lock while you wait."),
    ("gpt-oss:20b", "lab", 5.2, 81, "Use a mutex for short, frequent access to shared data; "
     "channels copy or move every message, and a round trip to an owner costs more than a "
     "lock.\n\n```rust\n*hits.lock().unwrap() += 1;\n```"),
)  # fmt: skip


def compared() -> Session:
    """The conversation with the three answers."""
    when = NOW - timedelta(seconds=40)
    question = Message(
        id=f"{900:012x}-0000000000", parent=None, role="user", content=ASKED, created_at=when
    )
    answers = [
        Message(
            id=f"{900 + number:012x}-0000000000", parent=question.id, role="assistant",
            content=text, model=model, host=host, created_at=when,
            stats=Stats(
                total_duration=int((seconds + 0.2) * 1e9), prompt_eval_count=26, eval_count=count,
                eval_duration=int(seconds * 1e9),
            ),
        )
        for number, (model, host, seconds, count, text) in enumerate(SAID, 1)
    ]  # fmt: skip
    return Session(
        id=f"{99:012x}-0000000000", title="Mutex or channel", created_at=when, updated_at=when,
        host="workstation", model="qwen2.5-coder:32b", messages=[question, *answers],
        leaf=answers[-1].id,
    )  # fmt: skip


def settle(home: Path) -> None:
    """Say what memory the hosts have."""
    settings = home / "config" / "config.toml"
    settings.parent.mkdir()
    settings.write_text(SETTINGS, encoding="utf-8")
