"""pull, push, create: one queue with the screens, shown as far as they are."""

import asyncio
import hashlib
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from commanding import Ran
from eventually import eventually
from fake_ollama import FakeOllama
from program import Program
from ptyprocess import TUI, environment
from registry import Registry, random_bytes
from terminal import Terminal
from tui.domain.places import Places
from tui.domain.pulls import ENDED, Pull, State
from tui.store.jobs import JobStore
from tui.store.writer import Writer

TINY = "127.0.0.1:9/library/tiny:1b"
"""Its registry cannot be asked, so no test leaves this machine."""


def stored(home: Path) -> dict[str, Pull]:
    """The jobs on disk by name."""
    jobs = JobStore(Places.below(home), Writer()).load()
    return {job.name: job for job in jobs}


@pytest.fixture
async def other(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    """Another program on the same home, which runs the queue."""
    async with Program(tmp_path / "home", local=fake.url) as program:
        program.worker.start()
        lock = program.places.state / "queue.lock"
        await eventually(lock.exists, "the queue to be run")
        yield program


async def test_a_pull_elsewhere_than_at_a_terminal_is_told_in_lines(
    ran: Ran, fake: FakeOllama
) -> None:
    done = await ran("pull", TINY, "--insecure")
    assert done.code == 0
    assert done.out.splitlines()[0] == f"http://{TINY}: begins"
    assert done.out.splitlines()[-1] == f"http://{TINY}: done, 2 MB"
    assert "\x1b" not in done.out
    assert TINY in fake.models


async def test_bad_names_stop_no_other_and_are_counted(ran: Ran, fake: FakeOllama) -> None:
    missing = "127.0.0.1:9/library/missing:1b"
    done = await ran("pull", "--insecure", "no such name", missing, TINY)
    assert done.code == 1
    assert TINY in fake.models
    assert done.out.splitlines()[-1] == "1 done, 2 failed"
    assert "no such name is not a model name" in done.err
    assert "not in its registry" in done.err


async def test_json_tells_every_change_on_a_line(ran: Ran) -> None:
    lines = (await ran("pull", "--insecure", "--json", TINY)).lines
    assert (lines[0]["state"], lines[0]["model"]) == ("downloading", f"http://{TINY}")
    last = lines[-1]
    assert (last["state"], last["completed"], last["error"]) == ("done", last["total"], "")


async def test_a_pull_lies_in_the_queue_that_the_screens_show(ran: Ran, tmp_path: Path) -> None:
    await ran("pull", "--insecure", TINY)
    await ran("pull", "--insecure", TINY)
    assert [job.state for job in stored(tmp_path / "home").values()] == ["done"]


async def test_what_lies_idle_in_the_queue_is_left_alone(
    ran: Ran, fake: FakeOllama, tmp_path: Path
) -> None:
    idle = Pull(id="1-idle", name="http://127.0.0.1:9/library/idle:1b", state="downloading")
    file = tmp_path / "home" / "state" / "queue" / "1-idle.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(json.dumps({"id": idle.id, "name": idle.name, "state": "paused"}).encode())
    assert (await ran("pull", "--insecure", TINY)).code == 0
    assert stored(tmp_path / "home")[idle.name].state == "paused"
    assert "127.0.0.1:9/library/idle:1b" not in fake.models


async def test_a_program_that_is_killed_leaves_its_downloads_to_the_next(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.pull_rate, home = 1e6, tmp_path / "home"
    killed = await asyncio.create_subprocess_exec(
        *TUI, "pull", "--insecure", TINY, "127.0.0.1:9/library/two:1b",
        env=environment(home, OLLAMA_HOST=fake.url), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    await eventually(lambda: sum(fake.pulled.values()) > 100_000, "some bytes")
    killed.kill()
    await killed.wait()
    assert {job.state for job in stored(home).values()} == {"downloading"}
    fake.pull_rate = 200e6
    async with Program(home, local=fake.url) as program:
        program.worker.start()
        assert await _ended(program) == ["done", "done"]
    assert TINY in fake.models


async def _ended(program: Program) -> list[State]:
    """How all jobs ended."""

    def states() -> list[State]:
        return [job.state for job in program.pulls.all()]

    await eventually(lambda: states() and {*states()} <= {*ENDED}, "the end of all jobs")
    return states()


async def test_a_job_that_was_paused_goes_on(ran: Ran, fake: FakeOllama, tmp_path: Path) -> None:
    file = tmp_path / "home" / "state" / "queue" / "1-old.json"
    file.parent.mkdir(parents=True)
    job = {"id": "1-old", "name": f"http://{TINY}", "state": "paused", "restarts": 2}
    file.write_bytes(json.dumps(job).encode())
    assert (await ran("pull", "--insecure", TINY)).code == 0
    assert [job.id for job in stored(tmp_path / "home").values()] == ["1-old"]
    assert TINY in fake.models


async def test_another_program_runs_the_job_and_this_one_follows(
    ran: Ran, fake: FakeOllama, other: Program
) -> None:
    done = await ran("pull", "--insecure", TINY)
    assert done.code == 0
    assert done.out.splitlines()[-1] == f"http://{TINY}: done, 2 MB"
    assert [job.name for job in other.pulls.all()] == [f"http://{TINY}"]


async def test_a_server_that_only_this_line_names_stays_out_of_the_queue(
    ran: Ran, fake: FakeOllama, other: Program, tmp_path: Path
) -> None:
    async with FakeOllama() as second:
        assert (await ran("--host", second.url, "pull", "--insecure", TINY)).code == 0
        assert TINY in second.models
    assert TINY not in fake.models
    assert stored(tmp_path / "home") == {}


async def test_a_push_goes_to_the_registry(ran: Ran, fake: FakeOllama) -> None:
    fake.add_model("me/mine:latest")
    assert (await ran("push", "me/mine")).out.splitlines()[-1] == "me/mine:latest: done, 2 MB"
    refused = await ran("push", "llama3.2:3b")
    assert refused.code == 1
    assert "denied" in refused.err


async def test_a_model_is_created_of_another(ran: Ran, fake: FakeOllama, tmp_path: Path) -> None:
    file = tmp_path / "Modelfile"
    file.write_text("FROM llama3.2:3b\nPARAMETER num_ctx 8192\nSYSTEM Be short.\n")
    done = await ran("create", "mario", "-f", str(file), "-q", "q4_K_M")
    assert (done.code, done.out.splitlines()[-1]) == (0, "mario:latest is made")
    made = fake.made_of["mario:latest"]
    assert made["from"] == "llama3.2:3b"
    assert made["parameters"] == {"num_ctx": 8192}
    assert (made["system"], made["quantize"]) == ("Be short.", "q4_K_M")


async def test_a_modelfile_may_come_from_a_pipe(ran: Ran, fake: FakeOllama, tmp_path: Path) -> None:
    file = tmp_path / "any"
    file.write_text("FROM llama3.2:3b\n")
    assert (await ran("create", "piped", "-f", "-", stdin=file)).code == 0
    assert fake.made_of["piped:latest"]["from"] == "llama3.2:3b"


async def test_files_of_a_model_are_uploaded_first(
    ran: Ran, fake: FakeOllama, tmp_path: Path
) -> None:
    (tmp_path / "w.gguf").write_bytes(b"GGUF" * 1000)
    (tmp_path / "Modelfile").write_text("FROM ./w.gguf\n")
    assert (await ran("create", "own", "-f", str(tmp_path), "--json")).lines[-1]["state"] == "done"
    digest = "sha256:" + hashlib.sha256(b"GGUF" * 1000).hexdigest()
    assert fake.blobs[digest] == b"GGUF" * 1000
    assert fake.made_of["own:latest"]["files"] == {"w.gguf": digest}


async def test_a_folder_of_safetensors_and_an_adapter_are_uploaded_for_a_create(
    ran: Ran, fake: FakeOllama, tmp_path: Path
) -> None:
    weights, lora = tmp_path / "weights", tmp_path / "lora"
    for folder, names in (
        (weights, ("model-1.safetensors", "model-2.safetensors", "config.json", "notes.txt")),
        (lora, ("adapter_model.safetensors", "adapter_config.json")),
    ):
        folder.mkdir()
        for name in names:
            (folder / name).write_bytes(name.encode() * 100)
    (tmp_path / "Modelfile").write_text("FROM ./weights\nADAPTER ./lora\n")
    lines = (await ran("create", "own", "-f", str(tmp_path), "-q", "Q8_0", "--json")).lines
    assert lines[-1]["state"] == "done"
    body = fake.made_of["own:latest"]
    assert {*body["files"]} == {"model-1.safetensors", "model-2.safetensors", "config.json"}
    assert {*body["adapters"]} == {"adapter_model.safetensors", "adapter_config.json"}
    assert body["quantize"] == "Q8_0"
    digests = {*body["files"].values(), *body["adapters"].values()}
    assert fake.blobs.keys() >= digests


async def test_faults_of_a_modelfile_are_told_by_line(ran: Ran, tmp_path: Path) -> None:
    file = tmp_path / "Modelfile"
    file.write_text("FROM x\nPARAMETER temprature 1\n")
    done = await ran("create", "own", "-f", str(file))
    assert done.code == 1
    assert "line 2: There is no parameter temprature. Did you mean temperature?" in done.err
    assert (await ran("create", "own", "-f", str(tmp_path / "gone"))).code == 1


async def test_a_dry_run_tells_the_size_and_what_is_there(
    ran: Ran, fake: FakeOllama, tmp_path: Path
) -> None:
    with Registry() as registry:
        content = random_bytes(3_000_000)
        layers = {"application/vnd.ollama.image.model": content, "x/license": b"Mine"}
        name = registry.add("library/one:latest", layers)
        fake.blobs["sha256:" + hashlib.sha256(b"Mine").hexdigest()] = b"Mine"
        told = (await ran("pull", "--dry-run", "--insecure", "--json", name)).json["models"][0]
        table = await ran("pull", "--dry-run", "--insecure", name, "no such name")
    assert (told["total"], told["present"], told["missing"]) == (3_000_027, 4, 3_000_023)
    assert [layer["present"] for layer in told["layers"]] == [False, True, False]
    assert table.code == 1
    assert table.out.splitlines()[1].split()[1:] == ["3", "MB", "4", "B", "3", "MB"]
    assert not any(path == "/api/pull" for _method, path, _body in fake.asked)


async def test_a_dry_run_is_honest_about_what_it_cannot_know(ran: Ran) -> None:
    done = await ran("pull", "--dry-run", "--insecure", TINY)
    assert done.code == 1
    assert done.out.splitlines()[1].split()[1:] == ["?", "?", "?"]
    assert "cannot be asked" in done.err


@pytest.mark.parametrize("columns", [60, 100])
async def test_a_terminal_shows_a_pull_in_a_few_lines_drawn_over_themselves(
    fake: FakeOllama, tmp_path: Path, columns: int
) -> None:
    fake.pull_size, fake.pull_rate = 4_000_000_000, 40_000_000.0
    words = ("pull", "--insecure", TINY)
    async with Terminal(
        *words, home=tmp_path, size=(columns, 24), OLLAMA_HOST=fake.url
    ) as terminal:
        await terminal.until("%")
        await terminal.until("3.9 GB")
        seen = len(terminal.output)
        await terminal.until(lambda: len(terminal.output) > seen + 300)
        lines = [line for line in terminal.text.splitlines() if line.strip()]
        assert len(lines) == 2, terminal.text
        assert lines[0].startswith("http://127.0.0.1:9/")
        assert "/3.9 GB" in lines[0]
        assert "─" in lines[1]
        fake.pull_rate = 1e12
        await terminal.until("done, 4.0 GB")
        assert await terminal.exit_code() == 0
        assert len([line for line in terminal.text.splitlines() if line.strip()]) == 1


async def test_ctrl_c_pauses_the_job_and_tells_how_to_go_on(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    words = ("pull", "--insecure", TINY)
    async with Terminal(*words, home=tmp_path, OLLAMA_HOST=fake.url) as terminal:
        await terminal.until("pulling manifest")
        terminal.press("\x03")
        assert await terminal.exit_code() == 130
        assert "goes on" in terminal.text
    assert [job.state for job in stored(tmp_path).values()] == ["paused"]
    fake.hold.set()
    async with Terminal(*words, home=tmp_path, OLLAMA_HOST=fake.url) as terminal:
        assert await terminal.exit_code() == 0
    assert [job.state for job in stored(tmp_path).values()] == ["done"]


async def test_ctrl_c_leaves_a_job_to_the_program_that_runs_it(
    fake: FakeOllama, other: Program, tmp_path: Path
) -> None:
    fake.hold.clear()
    words = ("pull", "--insecure", TINY)
    home = tmp_path / "home"
    async with Terminal(*words, home=home, OLLAMA_HOST=fake.url) as terminal:
        await eventually(lambda: other.pulls.active, "the job to run")
        terminal.press("\x03")
        assert await terminal.exit_code() == 130
        assert "Another ollama-tui" in terminal.text
    fake.hold.set()
    await eventually(lambda: TINY in fake.models, "the job to end")


async def test_a_window_made_narrow_gets_no_stray_lines(fake: FakeOllama, tmp_path: Path) -> None:
    fake.pull_size, fake.pull_rate = 4_000_000_000, 40_000_000.0
    words = ("pull", "--insecure", TINY)
    async with Terminal(*words, home=tmp_path, size=(100, 24), OLLAMA_HOST=fake.url) as terminal:
        await terminal.until("3.9 GB")
        terminal.resize(50, 24)
        seen = len(terminal.output)
        await terminal.until(lambda: len(terminal.output) > seen + 600)
        assert all(len(line) <= 50 for line in terminal.text.splitlines())
        fake.pull_rate = 1e12
        assert await terminal.exit_code() == 0
