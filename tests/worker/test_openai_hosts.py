"""Hosts that speak OpenAI's API: watched, asked, gone on with, moved to, tried and examined."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from fake_openai import MODEL, FakeOpenAI
from llama_server import ALIAS, WINDOW, llama_server
from program import Program
from tui.api.access import Access
from tui.api.errors import NotServed
from tui.api.openai import client as asking
from tui.api.openai import inventory
from tui.domain.checkup import Finding
from tui.domain.host_drafts import HostDraft
from tui.domain.host_settings import HostSecrets, HostSetting
from tui.domain.hosts import HostAddress
from tui.domain.places import Places
from tui.domain.session import Session
from tui.store.settings import Settings, SettingsStore
from tui.worker import openai_mending, watch
from tui.worker.events import ReplyChanged
from tui.worker.host_checkup import HostCheckup
from tui.worker.host_trial import learn_kind
from tui.worker.models import NotTold
from tui.worker.worker import Worker


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as server:
        yield server


@pytest.fixture
async def program(server: FakeOpenAI, tmp_path: Path) -> AsyncIterator[Program]:
    async with Program(tmp_path, cluster=f"{server.url}/v1") as program:
        program.worker.start()
        await eventually(lambda: program.hosts.status("cluster").state == "up", "the cluster")
        yield program


def chat(program: Program) -> Session:
    return program.chat("cluster", MODEL)


# --- watching ---


async def test_a_host_is_known_by_its_make_its_models_and_what_it_takes(program: Program) -> None:
    status = program.hosts.status("cluster")
    assert (status.kind, status.version, status.is_fixed) == ("openai", "vLLM 0.11.0", True)
    assert (status.make, status.number) == ("vLLM", "0.11.0")
    assert program.models("cluster") == [MODEL]
    assert [each.name for each in status.running] == [MODEL]
    assert status.vram == 0
    assert status.takes is not None
    assert "top_k" in status.takes


async def test_a_host_that_went_away_and_came_back_is_up_again(
    program: Program, server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_ATTENDED", 0.02)
    await server.stop()
    program.hosts.look("cluster")
    await eventually(lambda: program.hosts.status("cluster").state == "down", "the end")
    assert "Nothing listens" in program.hosts.status("cluster").error
    server.version = "0.11.1"
    async with server:
        await eventually(lambda: program.hosts.status("cluster").state == "up", "its return")
        assert program.hosts.status("cluster").version == "vLLM 0.11.1"


async def test_the_kind_of_the_settings_counts_where_the_address_says_nothing(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    settings = Settings(hosts={"gpu": HostSetting(url=server.url, kind="openai")})
    addresses = {"gpu": HostAddress.parse(server.url)}
    async with Worker(Places.below(tmp_path), settings, addresses, "gpu") as worker:
        client = await worker.hosts.client("gpu")
        assert client.kind == "openai"
        assert worker.hosts.status("gpu").kind == "openai"


# --- answers ---


async def test_an_answer_is_kept_with_its_thoughts_counts_and_host(
    program: Program, server: FakeOpenAI
) -> None:
    server.thinking = "Two and two. "
    session = chat(program)
    program.replies.send(session.id, "What is 2 + 2?")
    await program.worker.idle()
    answer = program.stored(session.id).branch()[-1]
    assert (answer.content, answer.thinking) == (server.reply, "Two and two. ")
    assert (answer.state, answer.done_reason, answer.host) == ("complete", "stop", "cluster")
    assert answer.stats is not None
    assert answer.stats.prompt_eval_count == 12
    assert answer.unseen == 0
    assert program.journals() == []


async def test_an_answer_is_stopped_and_gone_on_with(program: Program, server: FakeOpenAI) -> None:
    server.hold.clear()
    session = chat(program)
    program.replies.send(session.id, "What is 2 + 2?")
    await program.says(session.id, "It")
    program.replies.stop(session.id)
    await eventually(lambda: server.hung_up == ["/v1/chat/completions"], "the server's rest")
    stopped = program.last(session.id)
    assert (stopped.state, stopped.content) == ("stopped", "It ")
    server.hold.set()
    program.replies.proceed(session.id, stopped.id)
    await program.worker.idle()
    assert program.last(session.id).content == "It " + server.reply
    body = server.questions[-1]
    assert body["messages"][-1] == {"role": "assistant", "content": "It "}
    assert body["continue_final_message"]
    assert program.notices == []


async def test_a_server_that_cannot_go_on_is_asked_to_and_that_is_said_once(
    program: Program, server: FakeOpenAI
) -> None:
    server.make = "litellm"
    program.hosts.put(HostDraft("cluster", HostSetting(url=f"{server.url}/v1")))
    session = chat(program)
    server.hold.clear()
    program.replies.send(session.id, "What is 2 + 2?")
    await program.says(session.id, "It")
    program.replies.stop(session.id)
    server.hold.set()
    for _again in range(2):
        stopped = next(each for each in session.messages if each.state == "stopped")
        program.replies.proceed(session.id, stopped.id)
        await program.worker.idle()
    said = [text for text in program.notices if "cannot go on inside an answer" in text]
    assert len(said) == 1
    assert server.questions[-1]["messages"][-1]["role"] == "user"


async def test_an_answer_that_breaks_off_is_kept_as_interrupted(
    program: Program, server: FakeOpenAI
) -> None:
    server.drop_after = 4
    session = chat(program)
    program.replies.send(session.id, "What is 2 + 2?")
    await program.worker.idle()
    answer = program.last(session.id)
    assert (answer.state, answer.content) == ("interrupted", "It is 4, ")
    assert "Ollama" not in answer.error
    server.drop_after = 0
    program.replies.proceed(session.id, answer.id)
    await program.worker.idle()
    assert program.last(session.id).state == "complete"


async def test_two_are_answered_at_once(program: Program, server: FakeOpenAI) -> None:
    server.hold.clear()
    first, second = chat(program), chat(program)
    program.replies.send(first.id, "one")
    program.replies.send(second.id, "two")
    await program.says(first.id)
    await program.says(second.id)
    phases = {event.reply.phase for event in program.heard(ReplyChanged)}
    assert "queued" not in phases
    server.hold.set()
    await program.worker.idle()
    assert [program.last(each.id).content for each in (first, second)] == [server.reply] * 2


async def test_options_that_it_does_not_take_are_said_once_a_conversation(
    program: Program, server: FakeOpenAI
) -> None:
    session = chat(program)
    session.options = {"num_ctx": 8192, "temperature": 0.2}
    for question in ("one", "two"):
        program.replies.send(session.id, question)
        await program.worker.idle()
    assert program.notices == ["vLLM takes no num_ctx: it was left out of the question."]
    assert server.questions[-1]["temperature"] == 0.2


async def test_a_model_that_loads_is_said_to_load(
    program: Program, server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_LOADING", 0.02)
    monkeypatch.setattr(inventory, "_RECENT", 0.0)
    server.make, server.loading = "llamacpp", True
    program.hosts.put(HostDraft("cluster", HostSetting(url=f"{server.url}/v1")))
    await eventually(lambda: program.hosts.status("cluster").state == "up", "the server")
    session = chat(program)
    program.replies.send(session.id, "What is 2 + 2?")

    def phase() -> str:
        state = program.replies.running(session.id)
        return state.phase if state else ""

    await eventually(lambda: phase() == "loading", "the loading")
    server.loading = False
    await program.worker.idle()
    assert program.last(session.id).content == server.reply


async def test_where_nobody_tells_what_is_loaded_nothing_is_said_to_load(
    program: Program, server: FakeOpenAI
) -> None:
    server.make = "litellm"
    program.hosts.put(HostDraft("cluster", HostSetting(url=f"{server.url}/v1")))
    await eventually(lambda: program.hosts.status("cluster").state == "up", "the server")
    session = chat(program)
    answering = asyncio.Event()

    async def slow(request: object, reply: object) -> None:
        await answering.wait()

    server.on_v1_chat_completions = slow  # type: ignore[method-assign]
    program.replies.send(session.id, "What is 2 + 2?")
    await eventually(
        lambda: (state := program.replies.running(session.id)) and state.phase == "reading", "it"
    )
    answering.set()
    program.replies.stop(session.id)


async def test_what_it_cannot_do_is_told(program: Program) -> None:
    models = program.worker.models
    for call in (models.unload("cluster", MODEL), models.delete("cluster", MODEL)):
        with pytest.raises(NotServed):
            await call
    await models.load("cluster", MODEL)
    session = chat(program)
    with pytest.raises(NotServed):
        await models.save(session, "mine")
    program.pulls.add("llama3.2:3b", "cluster")
    await program.worker.idle()
    await eventually(lambda: program.pulls.all()[0].state == "failed", "the refusal")
    assert "speaks the OpenAI API" in program.pulls.all()[0].error


async def test_its_models_are_asked_for_in_no_registry(program: Program) -> None:
    program.worker.updates.allowed = True
    models = program.hosts.status("cluster").models or ()
    program.worker.updates.check(models)
    assert await program.worker.updates.look(models[0]) == "unlisted"


async def test_the_prompt_of_a_make_that_does_not_tell_is_not_told(
    program: Program, server: FakeOpenAI
) -> None:
    assert await program.worker.models.prompt(chat(program), None, "Hi") == "<|user|>[1, 2]"
    server.make = "litellm"
    program.hosts.put(HostDraft("cluster", HostSetting(url=f"{server.url}/v1")))
    with pytest.raises(NotTold, match=r"llama\.cpp and vLLM"):
        await program.worker.models.prompt(chat(program), None, "Hi")


# --- keys ---


async def test_its_key_goes_to_it_alone_and_is_not_repeated(tmp_path: Path) -> None:
    async with FakeOpenAI(key="sk-secret-1") as server, Program(tmp_path, cluster="box") as program:
        draft = HostDraft(
            "cluster", HostSetting(url=f"{server.url}/v1"), HostSecrets(key="sk-secret-1")
        )
        program.hosts.put(draft)
        program.worker.start()
        await eventually(lambda: program.hosts.status("cluster").state == "up", "the server")
        await program.asked("Hi", host="cluster", model=MODEL)
        assert {each["authorization"] for each in server.headers} == {"Bearer sk-secret-1"}
        server.errors["*"] = 400, {"error": {"message": "bad key sk-secret-1"}}
        chat = await program.asked("Hi", host="cluster", model=MODEL)
        assert "***" in program.last(chat).error
    for file in tmp_path.rglob("*"):
        if file.is_file() and file.name != "secrets.toml":
            assert b"sk-secret-1" not in file.read_bytes(), file


# --- trying and examining ---


async def test_an_address_that_is_tried_is_found_to_be_of_the_other_kind(
    program: Program, server: FakeOpenAI
) -> None:
    found = await program.hosts.test(HostDraft("new").changed("url", server.url))
    assert (found.outcome, found.kind) == ("good", "openai")
    assert found.why.startswith("vLLM 0.11.0, ")


async def test_a_server_that_wants_a_key_is_found_to_be_of_the_other_kind(tmp_path: Path) -> None:
    async with FakeOpenAI(key="sk-1") as server, Program(tmp_path, local=server.url) as program:
        draft = HostDraft("new").changed("url", server.url)
        found = await program.hosts.test(draft)
        assert (found.outcome, found.kind) == ("bad", "openai")
        found = await program.hosts.test(draft.changed("key", "sk-1"))
        assert (found.outcome, found.kind) == ("good", "openai")


async def test_an_ollama_that_is_tried_stays_one(program: Program, fake: FakeOllama) -> None:
    found = await program.hosts.test(HostDraft("new").changed("url", fake.url))
    assert (found.outcome, found.kind) == ("good", "ollama")


async def test_the_kind_of_a_new_host_is_found_out_and_written_down(
    program: Program, server: FakeOpenAI, tmp_path: Path
) -> None:
    async with FakeOpenAI(make="sglang") as other:
        name = program.hosts.add(other.url)
        await learn_kind(program.hosts, name)
        assert program.hosts.status(name).kind == "openai"
    settings, complaints = SettingsStore(program.places).load()
    assert settings.hosts[name] == HostSetting(url=other.url, kind="openai")
    assert complaints == []


async def examined(
    url: str, kind: str = "ollama", access: Access | None = None
) -> dict[str, Finding]:
    access = access or Access(HostSetting(kind="openai" if kind == "openai" else "ollama"))
    looks = HostCheckup(HostAddress.parse(url), access).findings()
    return {finding.name: finding async for finding in looks}


@pytest.fixture
def _nothing_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_mending, "_near", lambda _address: iter(()))


async def test_the_doctor_finds_a_server_in_good_health(server: FakeOpenAI) -> None:
    found = await examined(f"{server.url}/v1")
    assert {finding.state for finding in found.values()} == {"good"}
    assert found["version"].said == "vLLM 0.11.0"
    assert found["models"].said == "1 model"
    assert "OpenAI API" in found
    assert "Host header" not in found


async def test_the_doctor_tells_of_a_kind_that_is_set_wrongly(server: FakeOpenAI) -> None:
    found = (await examined(server.url))["Ollama"]
    assert found.state == "bad"
    assert "vLLM 0.11.0 answers there" in found.cause
    assert 'kind = "openai"' in found.mend
    assert f"{server.url}/v1" in found.mend


async def test_the_doctor_tells_of_an_ollama_that_could_do_more(fake: FakeOllama) -> None:
    found = (await examined(fake.url, "openai"))["version"]
    assert (found.state, found.mend) == ("unknown", 'kind = "ollama"')


async def test_the_doctor_tells_what_says_who_asks() -> None:
    async with FakeOpenAI(key="sk-1") as server:
        found = (await examined(f"{server.url}/v1"))["credentials"]
        assert (found.state, 'key = "env:NAME"' in found.mend) == ("bad", True)
        access = Access(HostSetting(), HostSecrets(key="sk-1"))
        found = (await examined(f"{server.url}/v1", access=access))["credentials"]
        assert (found.state, found.said) == ("good", "accepted")


async def test_the_doctor_finds_the_port_that_was_meant(
    server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_mending, "PORTS", (server.port,))
    found = (await examined("http://127.0.0.1:1/v1"))["port"]
    assert found.state == "bad"
    assert found.cause == f"vLLM 0.11.0 answers at {server.url}/v1 instead."
    assert found.mend == f"ollama-tui --host {server.url}/v1"


@pytest.mark.usefixtures("_nothing_near")
async def test_the_doctor_tells_of_a_path_that_is_none(server: FakeOpenAI) -> None:
    found = (await examined(f"{server.url}/elsewhere/v1"))["OpenAI API"]
    assert found.state == "bad"
    assert "not as OpenAI's API does" in found.said


# --- for real ---


async def test_llama_cpps_own_server_is_watched_asked_stopped_and_gone_on_with(
    tmp_path: Path,
) -> None:
    pytest.importorskip("xllamacpp")
    home = tmp_path / "home"
    with llama_server(tmp_path) as url:
        async with Program(home, gpu=f"{url}/v1") as program:
            program.worker.start()
            await eventually(lambda: program.hosts.status("gpu").state == "up", "llama.cpp", 30)
            status = program.hosts.status("gpu")
            assert status.make == "llama.cpp"
            assert [each.name for each in status.models or ()] == [ALIAS]
            assert [each.context_length for each in status.running] == [WINDOW]

            session = program.chat("gpu", ALIAS)
            session.options = {"num_predict": 12, "seed": 3, "num_ctx": 64}
            program.replies.send(session.id, "Tell a story.")
            await program.worker.idle()
            answer = program.last(session.id)
            assert (answer.state, answer.done_reason) == ("complete", "length")
            assert answer.stats is not None
            assert answer.stats.eval_count == 12
            assert answer.stats.prompt_eval_count > 12
            assert answer.stats.tokens_per_second > 0
            assert program.notices == [
                "llama.cpp takes no num_ctx: it was left out of the question."
            ]

            program.replies.proceed(session.id, answer.id)
            await program.worker.idle()
            longer = program.last(session.id)
            assert longer.content.startswith(answer.content)
            assert len(longer.content) > len(answer.content)

            session.options = {"num_predict": -1, "seed": 4}
            program.replies.send(session.id, "Go on for ever.")
            await program.says(session.id)
            program.replies.stop(session.id)
            assert program.last(session.id).state == "stopped"

            program.replies.send(session.id, "word " * WINDOW)
            await program.worker.idle()
            failed = program.last(session.id)
            assert failed.state == "failed"
            assert f"it takes {WINDOW}" in failed.error
            prompt = await program.worker.models.prompt(program.chat("gpu", ALIAS), None, "Hi")
            assert "Hi" in prompt
