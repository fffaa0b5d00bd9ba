"""What is on the pictures: a home full of conversations, a queue, servers, and a time that stands.

Everything here is fixed, so that a picture is the same wherever and whenever it is taken.
"""

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from fake_models import GB
from fake_ollama import FakeOllama
from tui.domain import clock
from tui.domain.models import LocalModel, RunningModel
from tui.domain.places import Places
from tui.domain.pulls import Layer, Pull, State
from tui.domain.replies import Stats
from tui.domain.session import Message, Role, Session
from tui.domain.status import HostStatus, Trial
from tui.store.locks import Lock
from tui.store.session_file import encode
from tui.store.workspace import Workspace
from tui.worker.engine import EmbeddedEngine
from tui.worker.reply import Reply
from tui.worker.scouting import Scout, Scouting
from tui.worker.watch import Watch
from user import NOBODY, User, chatting

NOW = datetime(2026, 11, 22, 14, 3, 20, tzinfo=UTC)
HOST = "gpu-box-1"

MODELS = (  # name, GB, parameters, quantization, family, days since it came, what it can
    ("llama3.1:8b", 4.92, "8.0B", "Q4_K_M", "llama", 0.1, "tools"),
    ("qwen3:14b", 9.28, "14.8B", "Q4_K_M", "qwen3", 4, "tools thinking"),
    ("qwen3:0.6b", 0.523, "752M", "Q4_K_M", "qwen3", 4, "tools thinking"),
    ("gemma3:12b", 8.15, "12.2B", "Q4_K_M", "gemma3", 5, "vision"),
    ("deepseek-r1:14b", 8.99, "14.8B", "Q4_K_M", "qwen2", 21, "thinking"),
    ("mistral-small3.2:24b", 15.2, "24.0B", "Q4_K_M", "mistral3", 43, "vision tools"),
    ("gpt-oss:20b", 13.8, "20.9B", "MXFP4", "gptoss", 64, "tools thinking"),
    ("phi4-mini:latest", 2.49, "3.8B", "Q4_K_M", "phi3", 95, "tools"),
    ("llama3.2-vision:11b", 7.82, "10.7B", "Q4_K_M", "mllama", 121, "vision"),
    ("qwen2.5-coder:32b", 19.9, "32.8B", "Q4_K_M", "qwen2", 152, "tools insert"),
    ("nomic-embed-text:latest", 0.274, "137M", "F16", "nomic-bert", 213, ""),
    ("tinyllama:latest", 0.638, "1.1B", "Q4_0", "llama", 371, ""),
)

ASKED = "Why does this not compile? I move a String into a thread and print it afterwards."
THOUGHT = (
    "The closure is marked move, so it takes the String with it; the borrow checker then refuses "
    "every later use of the name. A clone, an Arc or a scoped thread would all do."
)
ANSWER = """\
The value is **moved** into the closure. `thread::spawn` may outlive the function that calls it, \
so the closure has to own everything it uses; after `move` the name is no longer yours. Three \
ways out:

| Way | Costs | Take it when |
|---|---|---|
| `name.clone()` | one allocation | the thread changes its own copy |
| `Arc<str>` | one counter | several threads only read |
| `thread::scope` | nothing | the thread ends before the function does |

Sharing it with `Arc` is the usual choice:

```rust
use std::{sync::Arc, thread};

let name: Arc<str> = Arc::from("borrowed by nobody");
let theirs = Arc::clone(&name);          // one counter goes up
let worker = thread::spawn(move || println!("{theirs}"));
println!("{name}");                      // still ours
worker.join().unwrap();
```

- `Arc::clone` copies the pointer, **not** the text.
- Use `Rc` as long as there is only one thread; the compiler tells you when that is wrong.
"""
AGAIN = "Say it in Chinese, in two sentences."
BEGUN = (
    "值在进入闭包时被**移动**了：`thread::spawn` 启动的线程可能比调用它的函数活得更久，"
    "所以闭包必须拥有它用到的一切，之后原来的名字就不能再用了。最常见的办法是用 `Arc<str>` "
    "让几个线程共享同一份文本 🦀，每多一个使用者，计数器就加"
)

TEMPLATE = """\
{{- if .System }}<|im_start|>system
{{ .System }}<|im_end|>
{{ end }}
{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""

TALKS = (  # title, minutes ago, what is special
    ("Release checklist", 3 * 24 * 60, "pinned"),
    ("Borrow checker", 1, ""),
    ("你是谁？", 23, ""),
    ("SQL tuning", 168, ""),
    ("A regex for ISO dates", 231, ""),
    ("Docker health checks", 1016, ""),
    ("Explain CUDA graphs", 1173, "stopped"),
    ("Commit messages", 1731, ""),
    ("Trip to Lisbon", 5 * 1440, ""),
    ("Weekly report, shorter", 6 * 1440, ""),
    ("Haiku about tmux", 11 * 1440, ""),
    ("Bash: quoting rules", 16 * 1440, ""),
)
TABS = (1, 2, 3)


# --- time ---


def stop_clock(patch: pytest.MonkeyPatch, moment: datetime = NOW) -> None:
    """It is this moment until it is another."""
    patch.setattr(clock, "datetime", SimpleNamespace(now=moment.astimezone))


@contextmanager
def time_that_stands(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is NOW, in UTC."""
    stop_clock(patch)
    try:
        with patch.context() as here:
            here.setenv("TZ", "UTC")
            time.tzset()
            yield
    finally:
        time.tzset()


# --- conversations ---


def _id(number: int) -> str:
    return f"{number:012x}-0000000000"


def _message(number: int, parent: str | None, content: str, **more: Any) -> Message:  # noqa: ANN401 - any field
    when = NOW - timedelta(seconds=80)
    role: Role = more.pop("role", "assistant")
    fields = {"created_at": when, "model": "llama3.1:8b" if role == "assistant" else ""} | more
    return Message(id=_id(900 + number), parent=parent, role=role, content=content, **fields)


def _stats(count: int, seconds: float, prompt: int = 26) -> Stats:
    return Stats(
        total_duration=int((seconds + 0.2) * 1e9),
        prompt_eval_count=prompt,
        prompt_eval_duration=120_000_000,
        eval_count=count,
        eval_duration=int(seconds * 1e9),
    )


def _talk(number: int) -> Session:
    title, minutes, special = TALKS[number]
    when = NOW - timedelta(minutes=minutes)
    question = _message(0, None, title, role="user", created_at=when)
    answer = _message(
        1, question.id, "Yes.", created_at=when, stats=_stats(61, 1.6),
        state="stopped" if special == "stopped" else "complete",
    )  # fmt: skip
    return Session(
        id=_id(number), title=title, created_at=when, updated_at=when, host=HOST,
        model="llama3.1:8b", pinned=special == "pinned", messages=[question, answer],
        leaf=answer.id,
    )  # fmt: skip


def _borrowing() -> Session:
    question = _message(0, None, ASKED, role="user")
    first = _message(1, question.id, "It was moved.", stats=_stats(12, 0.3))
    second = _message(
        2, question.id, ANSWER, thinking=THOUGHT, thought=6.1, stats=_stats(373, 9.1, 1711)
    )
    session = _talk(TABS[0])
    session.messages, session.leaf = [question, first, second], second.id
    session.options = {"temperature": 0.7, "num_ctx": 8192}
    return session


def furnish(home: Path) -> None:
    """Write the conversations, the open tabs and the queue."""
    places = Places.below(home)
    for folder in (places.sessions, places.state, places.queue):
        folder.mkdir(parents=True)
    talks = [_talk(number) for number in range(len(TALKS))]
    talks[TABS[0]] = _borrowing()
    for talk in talks:
        (places.sessions / f"{talk.id}.json").write_bytes(encode(talk))
    workspace = Workspace(
        tabs=[_id(each) for each in TABS],
        active=_id(TABS[0]),
        drafts={_id(TABS[2]): "And with a partial index?"},
        host=HOST,
        models={HOST: "llama3.1:8b"},
    )
    (places.state / "workspace.json").write_bytes(msgspec.json.encode(workspace))
    for pull in queue():
        (places.queue / f"{pull.id}.json").write_bytes(msgspec.json.encode(pull))


# --- the queue ---


def _pull(place: int, name: str, state: State, size: float, done: float, **more: Any) -> Pull:  # noqa: ANN401 - any field
    big, small = int(size * GB), 12_000_000
    layers = (
        Layer(digest="sha256:1", total=big, completed=int(big * done)),
        Layer(digest="sha256:2", total=small, completed=small if done == 1 else 0),
    )
    return Pull(
        id=_id(500 + place), name=name, host=HOST, place=place, state=state,
        layers=layers if state != "queued" else (), expected=big + small,
        current="sha256:1" if done else "", **more,
    )  # fmt: skip


def _ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def queue() -> list[Pull]:
    """Downloads in every state."""
    log = (
        (_ago(4.2), "queued"),
        (_ago(2.1), "started"),
        (_ago(0.9), "no data for 30 s: asked again, layer 1 goes on at 5.9 GB"),
    )
    return [
        _pull(1, "qwen3:32b", "downloading", 20.2, 0.43, speed=71e6, restarts=1,
              status="pulling 3291abe70f16", log=log, created_at=_ago(4.2), started_at=_ago(2.1)),
        _pull(2, "gemma3:27b", "downloading", 17.4, 0.88, speed=47e6,
              status="pulling e796792eba26", started_at=_ago(6.0)),
        _pull(3, "devstral:24b", "verifying", 14.3, 1, status="verifying sha256 digest",
              started_at=_ago(9.4)),
        _pull(4, "llama3.3:70b", "queued", 42.5, 0),
        _pull(5, "mixtral:8x22b", "paused", 79.5, 0.22),
        _pull(6, "llama4:scout", "failed", 67.4, 0.31,
              error="gpu-box-1 has no room: 46.5 GB are missing on its disk. "
              "Delete a model there (2, d), then r tries again.", ended_at=_ago(31)),
        _pull(7, "phi4-mini:latest", "done", 2.49, 1, started_at=_ago(11.2), ended_at=_ago(10.4)),
    ]  # fmt: skip


# --- servers ---


def running(
    name: str, size: float, gpu: float, context: int, minutes: float | None
) -> RunningModel:
    ends = NOW + (timedelta(days=365 * 290) if minutes is None else timedelta(minutes=minutes))
    return RunningModel(
        name=name, size=int(size * GB), size_vram=int(size * gpu * GB), context_length=context,
        expires_at=ends,
    )  # fmt: skip


OTHERS = {
    "workstation": HostStatus(
        name="workstation", address="http://workstation:11434", is_local=False, state="up",
        version="0.32.15", latency=0.0031,
        models=tuple(LocalModel(name=str(n), size=n * GB) for n in (9, 14, 20, 26, 43)),
        running=(
            running("llama3.3:70b", 44.1, 1.0, 8192, None),
            running("qwen2.5-coder:32b", 26.3, 0.78, 32768, 0.87),
        ),
    ),
    "local": HostStatus(
        name="local", address="http://127.0.0.1:11434", state="down",
        error="Nothing listens at http://127.0.0.1:11434. Is `ollama serve` running there?",
        since=NOW - timedelta(minutes=12), next_try=NOW + timedelta(seconds=4),
    ),
}  # fmt: skip


def _stock(fake: FakeOllama) -> None:
    """Give the server its models, two of them loaded."""
    for name, size, parameters, quantization, family, days, can in MODELS:
        model = fake.add_model(name, round(days * 24))
        model["size"] = int(size * GB)
        model["capabilities"] = (
            ["completion", *can.split()] if can or "tiny" in name else ["embedding"]
        )
        model["details"] |= {
            "parameter_size": parameters,
            "quantization_level": quantization,
            "family": family,
            "context_length": 40960 if family.startswith("qwen3") else 131072,
        }
    for name, vram, context, minutes in (
        ("llama3.1:8b", 6.2, 8192, 4.9),
        ("qwen3:14b", 12.0, 16384, 3.7),
    ):
        fake.loaded[name] = fake.models[name] | {
            "size": int(vram * GB), "size_vram": int(vram * GB), "context_length": context,
            "expires_at": (NOW + timedelta(minutes=minutes)).isoformat(),
        }  # fmt: skip
    fake.made_of["qwen3:14b"] = {
        "parameters": {
            "stop": "<|im_start|>", "temperature": 0.6, "top_k": 20, "top_p": 0.95,
        },
        "template": TEMPLATE,
    }  # fmt: skip


class _Talker(FakeOllama):
    """Says all that it has begun in one piece, then waits at the brake."""

    def _said(self) -> list[str]:
        return [BEGUN, "一。"]

    async def _keep(self, name: str, body: dict[str, Any]) -> None:
        """What is loaded stays as it is, however often the program looks at it."""


@asynccontextmanager
async def server() -> AsyncIterator[FakeOllama]:
    """The server in use, with its models."""
    async with _Talker(names=(), moment=NOW, version="0.32.15") as fake:
        _stock(fake)
        fake.hold.clear()
        yield fake


def script_servers(patch: pytest.MonkeyPatch, others: Mapping[str, HostStatus] = OTHERS) -> None:
    """The server in use is asked; its address, all other servers and the speed are made up."""
    ask = Watch._seen

    async def seen(watch: Watch) -> HostStatus:
        if other := others.get(watch.status.name):
            return other
        status = await ask(watch)
        address = f"http://{watch.status.name}:11434"
        return msgspec.structs.replace(status, address=address, is_local=False, latency=0.021)

    async def looked(_scout: Scout, _address: object, _access: object = None) -> Scouting:
        return Scouting(
            (
                Trial(what="OLLAMA_HOST", result="not set"),
                Trial(what="http://127.0.0.1:11434", result="refused",
                      why="nothing listens there", outcome="bad"),
                Trial(what="http://[::1]:11434", result="refused",
                      why="nothing listens there", outcome="bad"),
                Trial(what="ollama on this machine", result="found",
                      why="0.32.15, not running", outcome="good"),
            ),
            Path("/usr/local/bin/ollama"),
            "0.32.15",
        )  # fmt: skip

    patch.setattr(Watch, "_seen", seen)
    patch.setattr(Scout, "look", looked)
    patch.setattr(EmbeddedEngine, "missing", lambda _engine: "")
    patch.setattr(Reply, "_speed", lambda _reply: 41.0)


@contextmanager
def another_program(home: Path) -> Iterator[None]:
    """Something else runs the queue: here it is followed, and stays as it was furnished."""
    lock = Lock(Places.below(home).state / "queue.lock")
    lock.take()
    try:
        yield
    finally:
        lock.release()


@asynccontextmanager
async def at_home(
    home: Path,
    patch: pytest.MonkeyPatch,
    size: tuple[int, int],
    others: Mapping[str, HostStatus] = OTHERS,
) -> AsyncIterator[User]:
    """The program among all of this."""
    furnish(home)
    script_servers(patch, others)
    with time_that_stands(patch), another_program(home):
        async with server() as fake:
            servers = {HOST: fake.url, **dict.fromkeys(others, NOBODY)}
            async with chatting(home, servers, size=size) as user:
                await user.until(user.worker.pulls.all, "the queue")
                await user.until(lambda: user.worker.hosts.status(HOST).models, "the models")
                await user.until(lambda: len(user.worker.conversations.titles()) == len(TALKS))
                yield user
