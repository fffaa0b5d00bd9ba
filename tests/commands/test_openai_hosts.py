"""Hosts of OpenAI's API on the command line."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from commanding import Ran
from fake_openai import MODEL, FakeOpenAI


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[FakeOpenAI]:
    folder = tmp_path / "home" / "config"
    folder.mkdir(parents=True)
    async with FakeOpenAI(models=[MODEL, "Qwen/Qwen3-32B"]) as server:
        text = f'[hosts.cluster]\nkind = "openai"\nurl = "{server.url}"\n'
        (folder / "config.toml").write_text(text)
        yield server


async def test_its_models_are_listed_without_figures_that_nobody_told(
    ran: Ran, server: FakeOpenAI
) -> None:
    done = await ran("--host", "cluster", "list")
    assert (done.code, done.err) == (0, "")
    assert [row.split() for row in done.out.splitlines()[1:]] == [
        [MODEL, "-", "-", "-"],
        ["Qwen/Qwen3-32B", "-", "-", "-"],
    ]
    done = await ran("--host", "cluster", "ps")
    assert done.out.splitlines()[1].split() == [MODEL, "-", "-", "-", "32768", "-"]
    done = await ran("--host", "cluster", "show", MODEL)
    assert done.out.split() == ["context", "length", "32768"]


async def test_an_address_that_ends_in_v1_needs_no_settings(ran: Ran, server: FakeOpenAI) -> None:
    done = await ran("--host", f"{server.url}/v1", "list", "--names")
    assert done.out == f"{MODEL}\nQwen/Qwen3-32B\n"


async def test_an_address_without_it_is_told_of_it(ran: Ran, server: FakeOpenAI) -> None:
    host = server.url.replace("127.0.0.1", "localhost")
    done = await ran("--host", host, "list")
    assert done.code == 1
    assert "write /v1 behind its address" in done.err


async def test_a_question_is_answered_and_what_was_left_out_is_said(
    ran: Ran, server: FakeOpenAI
) -> None:
    done = await ran("--host", "cluster", "run", MODEL, "Hi", "-o", "num_ctx=9", "-o", "top_k=5")
    assert (done.code, done.out) == (0, server.reply + "\n")
    assert done.err == "vLLM takes no num_ctx: it was left out of the question.\n"
    assert server.questions[-1]["top_k"] == 5
    done = await ran("--host", "cluster", "run", MODEL, "Hi", "--json")
    assert done.json["content"] == server.reply
    assert done.json["stats"]["prompt_eval_count"] == 12


async def test_a_model_that_it_does_not_serve_is_not_pulled(ran: Ran, server: FakeOpenAI) -> None:
    done = await ran("--host", "cluster", "run", "llama3.2:3b", "Hi")
    assert (done.code, done.out) == (1, "")
    assert f"does not serve llama3.2:3b. It serves {MODEL}, Qwen/Qwen3-32B." in done.err
    assert server.questions == []


@pytest.mark.parametrize(
    "words",
    [
        ("pull", "x"), ("pull", "--dry-run", "x"), ("push", "me/x"), ("rm", "-y", MODEL),
        ("cp", MODEL, "b"), ("stop", MODEL), ("create", "x"), ("signin",), ("signout",),
    ],
)  # fmt: skip
async def test_what_it_cannot_do_is_said_at_once(
    words: tuple[str, ...], ran: Ran, server: FakeOpenAI
) -> None:
    done = await ran("--host", "cluster", *words)
    assert (done.code, done.out) == (1, "")
    assert "speaks the OpenAI API" in done.err
    assert server.asked == []


async def test_the_doctor_examines_it_by_its_name(ran: Ran, server: FakeOpenAI) -> None:
    done = await ran("doctor", "cluster", "--json")
    found = {each["name"]: each for each in done.lines if each["part"] == "cluster"}
    assert found["OpenAI API"]["state"] == "good"
    assert found["version"]["said"] == "vLLM 0.11.0"
