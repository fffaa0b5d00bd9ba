"""The download queue: order, trouble, and what survives the end of a program."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import recordings
from eventually import eventually
from fake_ollama import FakeOllama
from http_server import HttpServer, Reply, Request
from program import Program
from tui.domain.manifests import digest_of
from tui.domain.names import BadModelName
from tui.domain.pulls import Pull, State
from tui.domain.wishes import Wish
from tui.worker import download as downloading
from tui.worker import jobs
from tui.worker import pulls as pulling
from tui.worker.events import Notice, PullChanged, PullRemoved

A, B, C, D = "a:1b", "b:1b", "c:1b", "d:1b"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "_LOOK", 0.02)
    monkeypatch.setattr(downloading, "PAUSE", 0.01)
    monkeypatch.setattr(downloading, "TELL", 0.0)


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        yield program


def states(program: Program) -> dict[str, State]:
    return {pull.name: pull.state for pull in program.pulls.all()}


async def running(program: Program, *names: str) -> None:
    def there() -> bool:
        active = [pull for pull in program.pulls.active if pull.completed]
        return sorted(pull.name for pull in active) == sorted(names)

    await eventually(there, f"{names} to run")


async def became(program: Program, name: str, state: State) -> Pull:
    await eventually(lambda: states(program).get(name) == state, f"{name} to be {state}")
    return next(pull for pull in program.pulls.all() if pull.name == name)


def asked_for(fake: FakeOllama) -> list[str]:
    return [body["model"] for _method, path, body in fake.asked if path == "/api/pull"]


def job(program: Program, pull: Pull) -> Path:
    return program.places.queue / f"{pull.id}.json"


# --- the queue ---


async def test_a_model_is_pulled(program: Program, fake: FakeOllama) -> None:
    pull = program.pulls.add("new")
    assert pull.name == "new:latest"
    pull = await became(program, "new:latest", "done")
    await program.worker.idle()
    assert "new:latest" in fake.models
    assert (pull.fraction, pull.error, pull.speed) == (1.0, "", 0.0)
    assert pull.total == pytest.approx(fake.pull_size, rel=0.01)
    assert [text for _moment, text in pull.log] == ["queued", "started", "done"]
    assert "new:latest is here." in program.notices
    assert b'"state": "done"' in job(program, pull).read_bytes()
    await eventually(lambda: "new:latest" in program.models(), "it in the list")


async def test_two_run_at_once_in_the_order_they_came(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    for name in (A, B, C, D):
        program.pulls.add(name)
    await eventually(lambda: len(asked_for(fake)) == 2, "two to run")
    assert states(program) == {A: "downloading", B: "downloading", C: "queued", D: "queued"}
    fake.hold.set()
    await program.worker.idle()
    assert asked_for(fake) == [A, B, C, D]
    assert {*states(program).values()} == {"done"}


async def test_a_model_goes_to_several_hosts_each_in_a_job_of_its_own(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with (
        FakeOllama() as lab,
        Program(tmp_path, pulls_at_once=1, local=fake.url, lab=lab.url) as program,
    ):
        program.worker.start()
        fake.hold.clear()
        lab.hold.clear()
        jobs = [program.pulls.add(A, host) for host in ("local", "lab")]
        assert program.pulls.add(A, "lab").id == jobs[1].id
        await eventually(lambda: len(program.pulls.active) == 2, "both to run")
        lab.hold.set()
        done = {job.id: "done" for job in jobs[1:]}
        await eventually(
            lambda: done.items() <= {p.id: p.state for p in program.pulls.all()}.items(), "the lab"
        )
        assert A in lab.models
        assert A not in fake.models
        fake.hold.set()
        await program.worker.idle()
        assert A in fake.models


async def test_more_may_run_at_once(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    for name in (A, B, C):
        program.pulls.add(name)
    program.pulls.at_once = 3
    await eventually(lambda: len(asked_for(fake)) == 3, "three to run")
    program.pulls.at_once = 0
    assert program.pulls.at_once == 1
    fake.hold.set()


async def test_the_same_name_is_not_queued_twice(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    first = program.pulls.add("new")
    for same in ("new:latest", "NEW", "library/new", "registry.ollama.ai/library/new:latest"):
        assert program.pulls.add(same).id == first.id
    assert program.pulls.add("new:other").id != first.id
    fake.hold.set()
    await became(program, "new:latest", "done")
    assert program.pulls.add("new", host="gpu").id != first.id
    assert program.pulls.add("new").id != first.id  # to bring it up to date


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b/c/d", ":tag", "ftp://a/b/c"])
async def test_what_is_no_name_is_refused(program: Program, name: str) -> None:
    with pytest.raises(BadModelName, match="not a model name"):
        program.pulls.add(name)
    assert program.pulls.all() == []


async def test_a_job_is_moved_in_the_queue(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    program.pulls.at_once = 1
    pulls = {name: program.pulls.add(name) for name in (A, B, C, D)}
    await eventually(lambda: program.pulls.active, "one to run")
    program.pulls.move(pulls[D].id, -2)
    assert [*states(program)] == [A, D, B, C]
    program.pulls.move(pulls[B].id, 99)
    program.pulls.move("gone", 1)
    assert [*states(program)] == [A, D, C, B]
    program.pulls.move(pulls[D].id, -1)
    program.pulls.move(pulls[A].id, 1)
    assert [*states(program)] == [A, D, C, B], "what runs has its place"
    fake.hold.set()
    await program.worker.idle()
    assert asked_for(fake) == [A, D, C, B]


async def test_a_step_in_the_queue_is_never_hidden_behind_what_has_ended(
    program: Program, fake: FakeOllama
) -> None:
    program.pulls.at_once = 1
    ended = program.pulls.add(A)
    await program.worker.idle()
    fake.hold.clear()
    pulls = {name: program.pulls.add(name) for name in (B, C)}
    program.pulls.pause(pulls[B].id)
    program.pulls.retry(ended.id)
    program.pulls.pause(pulls[C].id)
    program.pulls.resume(ended.id)
    program.pulls.move(pulls[C].id, -1)
    assert [*states(program)] == [A, C, B]
    fake.hold.set()


async def test_a_paused_job_lets_the_next_one_run_and_goes_on_later(
    program: Program, fake: FakeOllama
) -> None:
    fake.pull_rate = 1e6
    pulls = {name: program.pulls.add(name) for name in (A, B, C)}
    await running(program, A, B)
    program.pulls.pause(pulls[A].id)
    assert states(program) == {A: "paused", B: "downloading", C: "downloading"}
    await eventually(lambda: "/api/pull" in fake.hung_up, "the server to be left alone")
    await running(program, B, C)
    kept = next(pull for pull in program.pulls.all() if pull.name == A)
    assert 0 <= kept.completed < kept.total
    fake.pull_rate = 200e6
    program.pulls.resume(pulls[A].id)
    assert states(program)[A] in ("queued", "downloading")
    await program.worker.idle()
    assert {*states(program).values()} == {"done"}
    log = [text for _moment, text in (await became(program, A, "done")).log]
    assert log == ["queued", "started", "paused", "queued again", "started", "done"]


async def test_pausing_before_it_has_begun_is_no_trouble(
    program: Program, fake: FakeOllama
) -> None:
    await program.worker.idle()
    pull = program.pulls.add(A)
    program.pulls.pause(pull.id)
    program.pulls.resume(pull.id)
    program.pulls.remove(pull.id)
    await program.worker.idle()
    assert program.pulls.all() == []
    assert asked_for(fake) == []


async def test_a_removed_job_is_gone_and_stays_gone(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    first, second = program.pulls.add(A), program.pulls.add(B)
    await eventually(lambda: len(asked_for(fake)) == 2, "both to run")
    program.pulls.remove(first.id)
    assert program.heard(PullRemoved) == [PullRemoved(first.id)]
    await eventually(lambda: fake.hung_up == ["/api/pull"], "the server to be left alone")
    fake.hold.set()
    await program.worker.idle()
    assert [*states(program)] == [B]
    assert not job(program, first).exists()
    assert job(program, second).exists()


async def test_what_has_ended_is_cleared(program: Program, fake: FakeOllama) -> None:
    fake.pull_rate = 1e6
    failed, paused = program.pulls.add("missing"), program.pulls.add(A)
    program.pulls.pause(paused.id)
    await became(program, "missing:latest", "failed")
    program.pulls.clear()
    await program.worker.idle()
    assert [*states(program)] == [A]
    assert not job(program, failed).exists()


# --- trouble ---


async def test_a_model_that_does_not_exist_fails_with_the_reason_and_can_be_tried_again(
    program: Program, fake: FakeOllama
) -> None:
    pull = program.pulls.add("missing")
    failed = await became(program, "missing:latest", "failed")
    assert "not in its registry" in failed.error
    assert failed.ended_at is not None
    assert any(text.startswith("missing:latest: ") for text in program.notices)
    program.pulls.retry(pull.id)
    again = next(each for each in program.pulls.all() if each.id == pull.id)
    assert (again.error, again.ended_at) == ("", None)
    await became(program, "missing:latest", "failed")
    assert len(asked_for(fake)) == 2


async def test_a_digest_in_an_error_is_as_short_as_elsewhere(tmp_path: Path) -> None:
    lie = {"error": f"digest mismatch: want {digest_of(b'a')}, got {digest_of(b'b')}"}
    async with pulled(tmp_path, [at(10), lie]) as (_server, program):
        program.pulls.add(A)
        failed = await became(program, A, "failed")
        want, got = digest_of(b"a")[:19], digest_of(b"b")[:19]
        assert f"digest mismatch: want {want}…, got {got}…\n" in failed.error


async def test_an_http_404_fails_at_once(program: Program, fake: FakeOllama) -> None:
    fake.errors["/api/pull"] = (404, "model 'a' not found")
    program.pulls.add(A)
    failed = await became(program, A, "failed")
    assert "not found" in failed.error
    assert failed.restarts == 0


async def test_a_job_for_an_unknown_host_fails(program: Program) -> None:
    program.pulls.add(A, host="gone")
    assert "no host named gone" in (await became(program, A, "failed")).error


async def test_a_lost_connection_is_asked_again_with_a_line_in_the_log(
    program: Program, fake: FakeOllama
) -> None:
    fake.drop_after = 8
    program.pulls.add(A)
    await eventually(lambda: len(asked_for(fake)) > 1, "another try")
    fake.drop_after = 0
    done = await became(program, A, "done")
    assert done.restarts >= 1
    lines = [text for _moment, text in done.log if "asked again at" in text]
    assert lines[0].startswith("the connection was lost; asked again at ")
    assert len(lines) == done.restarts


async def test_a_server_that_is_down_is_asked_seven_times_and_ever_more_seldom(
    program: Program, fake: FakeOllama
) -> None:
    await fake.stop()
    began = time.monotonic()
    program.pulls.add(A)
    failed = await became(program, A, "failed")
    assert time.monotonic() - began > 0.01 * (2 + 4 + 8 + 16 + 32)
    assert "Nothing listens" in failed.error
    assert failed.restarts == 6
    await fake.__aenter__()
    program.pulls.retry(failed.id)
    assert (await became(program, A, "done")).error == ""


async def test_a_server_that_dies_in_mid_download_may_take_its_time_to_come_back(
    program: Program, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "PAUSE", 0.001)
    fake.pull_rate = 1e6
    pull = program.pulls.add(A)
    await running(program, A)
    await fake.stop()

    def restarts() -> int:
        return next(each for each in program.pulls.all() if each.id == pull.id).restarts

    await eventually(lambda: restarts() > 8, "more attempts than a new pull gets")
    fake.pull_rate = 200e6
    await fake.__aenter__()
    assert (await became(program, A, "done")).error == ""


@dataclass
class Scripted(HttpServer):
    """Answers each pull with the next script: lines, and how it ends."""

    scripts: Sequence[Sequence[object]]
    pulls: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        super().__init__()

    async def answer(self, request: Request, reply: Reply) -> None:
        if request.path != "/api/pull":
            return await reply.json({"version": "0", "models": []})
        script = self.scripts[min(self.pulls, len(self.scripts) - 1)]
        self.pulls += 1
        for line in script:
            if line == "drop":
                reply.abort()
            elif line == "silence":
                await reply.silence()
            elif isinstance(line, float):
                await asyncio.sleep(line)
            else:
                await reply.line(line)
        return await reply.end()


@asynccontextmanager
async def pulled(home: Path, *scripts: Sequence[object]) -> AsyncIterator[tuple[Scripted, Program]]:
    async with Scripted(scripts) as server, Program(home, local=server.url) as program:
        program.worker.start()
        yield server, program


def at(completed: int, total: int = 1000) -> dict[str, Any]:
    return {"status": "pulling 1", "digest": "sha256:1", "total": total, "completed": completed}


DONE = [{"status": "verifying sha256 digest"}, {"status": "success"}]


async def test_silence_is_a_stall_and_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "STALL", 0.2)
    async with pulled(tmp_path, [at(10), "silence"], [at(20), *DONE]) as (server, program):
        program.pulls.add(A)
        done = await became(program, A, "done")
        assert [text for _moment, text in done.log][2].startswith("no bytes for")
        assert (server.pulls, done.restarts) == (2, 1)


async def test_lines_without_new_bytes_are_a_stall_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "STALL", 0.2)
    same = [each for _number in range(100) for each in (at(10), 0.01)]
    async with pulled(tmp_path, same, [at(20), *DONE]) as (server, program):
        program.pulls.add(A)
        done = await became(program, A, "done")
        assert (server.pulls, done.restarts) == (2, 1)


async def test_a_registry_that_goes_away_in_mid_download_is_asked_again(tmp_path: Path) -> None:
    lost = recordings.load("pull_registry_dies").lines[-1]
    async with pulled(tmp_path, [at(10), lost], [at(20), lost], [at(30), *DONE]) as (
        server,
        program,
    ):
        program.pulls.add(A)
        done = await became(program, A, "done")
        assert (server.pulls, done.restarts) == (3, 2)
        assert "the registry was lost; asked again at 10 B" in [text for _at, text in done.log]


async def test_what_the_registry_refuses_is_not_asked_again(tmp_path: Path) -> None:
    refused = recordings.load("pull_digest_mismatch").lines[-1]
    async with pulled(tmp_path, [at(10), refused], [at(20), *DONE]) as (server, program):
        program.pulls.add(A)
        failed = await became(program, A, "failed")
        assert (server.pulls, failed.restarts) == (1, 0)


async def test_what_turns_out_to_be_there_is_no_speed(tmp_path: Path) -> None:
    there = {**at(0), "digest": digest_of(b"b"), "total": 10**9, "completed": 10**9}
    came = [each for number in range(1, 6) for each in (at(800 + 10 * number), 0.05)]
    async with pulled(tmp_path, [there, at(800), 0.05, *came, *DONE]) as (_server, program):
        program.pulls.add(A)
        await became(program, A, "done")
        speeds = [each.pull.speed for each in program.heard(PullChanged)]
        assert 0 < max(speeds) < 2000


async def test_bytes_that_are_fetched_again_after_a_fall_are_no_stall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "STALL", 0.2)
    slow = [each for number in range(1, 60) for each in (at(10 * number), 0.01)]
    async with pulled(tmp_path, [at(900), *slow, at(1000), *DONE]) as (server, program):
        program.pulls.add(A)
        done = await became(program, A, "done")
        assert (server.pulls, done.restarts) == (1, 0)
        told = [each.pull.completed for each in program.heard(PullChanged)]
        assert any(after < before for before, after in pairwise(told))
        assert all(each.pull.speed >= 0 for each in program.heard(PullChanged))


async def test_checking_may_take_longer_than_a_stall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "STALL", 0.2)
    async with pulled(tmp_path, [at(1000), DONE[0], 0.5, DONE[1]]) as (_server, program):
        program.pulls.add(A)
        assert (await became(program, A, "done")).restarts == 0


async def test_tries_that_bring_bytes_are_never_too_many(tmp_path: Path) -> None:
    tries = [[at(10 * number), "drop"] for number in range(1, 15)]
    async with pulled(tmp_path, *tries, [at(1000), *DONE]) as (server, program):
        program.pulls.add(A)
        done = await became(program, A, "done")
        assert (server.pulls, done.restarts) == (15, 14)


async def test_a_bug_in_one_job_does_not_cost_the_others(
    program: Program, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = downloading.Download._take

    def burst(self: downloading.Download, progress: Any) -> None:  # noqa: ANN401
        if self.pull.name == A:
            raise ZeroDivisionError("a bug")
        take(self, progress)

    monkeypatch.setattr(downloading.Download, "_take", burst)
    for name in (A, B, C):
        program.pulls.add(name)
    await program.worker.idle()
    assert states(program) == {A: "failed", B: "done", C: "done"}
    assert "a bug" in (await became(program, A, "failed")).error


# --- the end, and other programs ---


async def test_leaving_with_running_jobs_is_quick_and_the_next_program_goes_on(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.pull_rate = 1e6
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        for name in (A, B, C, D):
            program.pulls.add(name)
        await running(program, A, B)
        paused = program.pulls.all()[3]
        program.pulls.pause(paused.id)
        began = time.monotonic()
    assert time.monotonic() - began < 1
    assert asked_for(fake) == [A, B]  # leaving starts nothing
    fake.pull_rate = 200e6
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        await eventually(lambda: len(states(program)) == 4, "the queue")
        first = program.pulls.all()[0]
        assert first.name == A
        assert first.completed > 0
        await became(program, C, "done")
        await program.worker.idle()
        assert states(program) == {A: "done", B: "done", C: "done", D: "paused"}
        log = [text for _moment, text in program.pulls.all()[0].log]
        ended = "the program that ran it has ended"
        assert log == ["queued", "started", ended, "started", "done"]


async def test_a_second_program_adds_to_the_queue_and_follows(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    first = program.pulls.add(A)
    await eventually(lambda: len(asked_for(fake)) == 1, "the first to run")
    async with Program(tmp_path, local=fake.url) as other:
        other.worker.start()
        await became(other, A, "downloading")
        assert other.pulls.add(B).state == "queued"
        await became(program, B, "downloading")
        await eventually(lambda: len(asked_for(fake)) == 2, "the second to be asked for")
        await became(other, B, "downloading")
        assert other.heard(PullRemoved) == []
        fake.hold.set()
        await became(other, A, "done")
        await became(other, B, "done")
        program.pulls.remove(first.id)
        await eventually(lambda: [*states(other)] == [B], "the removal to be seen")
        assert other.heard(PullRemoved) == [PullRemoved(first.id)]
    assert sorted(asked_for(fake)) == [A, B]


async def test_a_program_that_follows_has_its_wishes_obeyed(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    pulls = {name: program.pulls.add(name) for name in (A, B, C, D)}
    await eventually(lambda: len(asked_for(fake)) == 2, "two to run")
    async with Program(tmp_path, local=fake.url) as other:
        other.worker.start()
        await became(other, D, "queued")
        other.pulls.move(pulls[D].id, -1)
        await eventually(lambda: [*states(other)] == [A, B, D, C], "the move to be seen")
        other.pulls.pause(pulls[A].id)
        await became(other, A, "paused")
        await became(program, D, "downloading")
        other.pulls.remove(pulls[D].id)
        await became(program, C, "downloading")
        await eventually(lambda: [*states(other)] == [A, B, C], "the removal to be seen")
        other.pulls.resume(pulls[A].id)
        await became(program, A, "queued")
        other.pulls.at_once = 3
        await became(program, A, "downloading")
        assert program.pulls.at_once == 3
        fake.hold.set()
        for name in (A, B, C):
            await became(other, name, "done")
        other.pulls.clear()
        await eventually(lambda: not states(other) and not states(program), "an empty queue")
    assert [*program.places.queue.glob("*.wish")] == []


async def test_wishes_that_nobody_obeyed_are_obeyed_by_the_next_program(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        first, second = program.pulls.add(A), program.pulls.add(B)
        await eventually(lambda: len(asked_for(fake)) == 2, "two to run")
        await asyncio.to_thread(program.worker._writer.flush)
        for wish in (Wish(kind="remove", job=first.id), Wish(kind="pause", job=second.id)):
            program.pulls._store.wish(wish)
    asked = len(asked_for(fake))
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        await eventually(lambda: states(program) == {B: "paused"}, "the wishes to be obeyed")
    assert len(asked_for(fake)) == asked


async def test_each_host_has_a_limit_of_its_own(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with Program(tmp_path, 1, local=fake.url, gpu=fake.url) as program:
        program.worker.start()
        for name, host in ((A, "local"), (B, "local"), (C, "gpu"), (D, "gpu")):
            program.pulls.add(name, host)
        await eventually(lambda: len(asked_for(fake)) == 2, "one to run on each")
        assert [name for name, state in states(program).items() if state != "queued"] == [A, C]
        fake.hold.set()
        await program.worker.idle()
        assert {*states(program).values()} == {"done"}


async def test_a_push_runs_through_the_queue(program: Program, fake: FakeOllama) -> None:
    fake.add_model("me/mine:latest")
    job = program.pulls.push("me/mine")
    assert (job.kind, program.pulls.push("me/mine").id) == ("push", job.id)
    done = await became(program, "me/mine:latest", "done")
    assert done.fraction == 1.0
    assert "me/mine:latest is in its registry." in program.notices


async def test_a_push_that_is_denied_says_what_to_do(program: Program) -> None:
    program.pulls.push("llama3.2:3b")
    failed = await became(program, "llama3.2:3b", "failed")
    assert "ollama signin" in failed.error


async def test_a_create_sends_its_files_first(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    weights = tmp_path / "weights.gguf"
    weights.write_bytes(b"GGUF" * 200_000)
    digest = digest_of(weights.read_bytes())
    request = {"files": {"weights.gguf": digest}, "system": "Be brief."}
    program.pulls.create("mine", request, {digest: str(weights)})
    done = await became(program, "mine:latest", "done")
    assert [layer.digest for layer in done.layers] == [digest]
    assert done.total == done.completed == weights.stat().st_size
    steps = [text for _moment, text in done.log]
    assert steps[2] == "uploading weights.gguf"
    assert steps[-2:] == ["writing manifest", "done"]
    assert digest in fake.blobs
    assert fake.made_of["mine:latest"]["system"] == "Be brief."
    assert "mine:latest is made." in program.notices
    weights.unlink()
    program.pulls.create("again", request, {digest: str(weights)})
    assert "cannot be read" in (await became(program, "again:latest", "failed")).error


async def test_a_name_with_a_typo_gets_a_suggestion(program: Program, fake: FakeOllama) -> None:
    fake.errors["/api/pull"] = (404, "model 'lama3' not found")
    program.pulls.add("lama3")
    assert "Did you mean llama3" in (await became(program, "lama3:latest", "failed")).error


async def test_the_last_of_several_calls_the_user(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    program.pulls.add(A)
    program.pulls.add("missing")
    fake.hold.set()
    await became(program, A, "done")
    await became(program, "missing:latest", "failed")
    calls = [notice.text for notice in program.heard(Notice) if notice.calls]
    assert calls == ["Nothing is left in the queue: 1 done, 1 failed."]
    program.told.clear()
    program.pulls.add(B)
    await became(program, B, "done")
    assert [each.text for each in program.heard(Notice) if each.calls] == ["b:1b is here."]


async def test_a_job_that_is_not_on_disk_yet_does_not_vanish(
    program: Program, fake: FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.hold.clear()
    program.pulls.add(A)
    async with Program(tmp_path, local=fake.url) as other:
        other.worker.start()
        await became(other, A, "downloading")
        save, load = other.pulls._store.save, other.pulls._store.load
        saved: list[Pull] = []
        looks: list[int] = []

        def counted(known: Any) -> list[Pull]:  # noqa: ANN401
            looks.append(len(looks))
            return load(known)

        monkeypatch.setattr(other.pulls._store, "save", saved.append)
        monkeypatch.setattr(other.pulls._store, "load", counted)
        other.pulls.add(B)
        await eventually(lambda: len(looks) > 3, "some looks")
        assert states(other)[B] == "queued"
        save(saved[0])
        await became(program, B, "downloading")
        assert other.heard(PullRemoved) == []
    fake.hold.set()


async def test_a_second_program_takes_the_queue_over_when_the_first_ends(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.pull_rate = 1e6
    async with Program(tmp_path, local=fake.url) as other:
        async with Program(tmp_path, local=fake.url) as program:
            program.worker.start()
            program.pulls.add(A)
            await running(program, A)
            other.worker.start()
            await became(other, A, "downloading")
        fake.pull_rate = 200e6
        await became(other, A, "done")
        assert asked_for(fake) == [A, A]


async def test_a_job_added_before_the_start_runs_then(fake: FakeOllama, tmp_path: Path) -> None:
    async with Program(tmp_path, local=fake.url) as program:
        program.pulls.add(A)
        await program.worker.idle()
        assert asked_for(fake) == []
        program.worker.start()
        await became(program, A, "done")


async def test_a_damaged_job_is_told_and_the_rest_runs(fake: FakeOllama, tmp_path: Path) -> None:
    queue = tmp_path / "state" / "queue"
    queue.mkdir(parents=True)
    (queue / "bad.json").write_bytes(b"{")
    (queue / "good.json").write_text('{"id": "good", "name": "a:1b"}')
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        await became(program, A, "done")
        assert sum("bad.json.damaged-" in text for text in program.notices) == 1


async def test_a_finished_job_is_not_taken_back_by_an_older_file(
    program: Program, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, load = asyncio.Event(), program.pulls._store.load
    loop = asyncio.get_running_loop()

    def slow(known: Any) -> list[Pull]:  # noqa: ANN401
        stored = load()  # what stood there before the job was known
        asyncio.run_coroutine_threadsafe(held.wait(), loop).result(5)
        return stored

    await program.worker.idle()
    job(program, Pull(id="new", name=A)).parent.mkdir(exist_ok=True)
    monkeypatch.setattr(program.pulls._store, "load", slow)
    pull = program.pulls.add(A)
    await eventually(lambda: job(program, pull).exists(), "the job on disk")
    await became(program, A, "done")
    held.set()
    monkeypatch.undo()
    look = len(program.heard(PullChanged))
    program.pulls.add(B)
    await became(program, B, "done")
    assert states(program)[A] == "done"
    assert asked_for(fake).count(A) == 1
    assert look
