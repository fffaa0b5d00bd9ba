"""list, ps, show, cp, rm, stop: the words and meanings of `ollama`."""

from pathlib import Path

import pytest

from commanding import Ran
from fake_ollama import FakeOllama
from terminal import Terminal


async def test_models_are_listed_as_ollama_does(ran: Ran) -> None:
    done = await ran("list")
    assert done.code == 0
    head, first, *_rest = done.out.splitlines()
    assert head.split() == ["NAME", "ID", "SIZE", "MODIFIED"]
    assert first.split()[0] == "llama3.2:3b"
    assert "2.0 GB" in first


async def test_a_list_can_be_narrowed_and_told_as_names(ran: Ran) -> None:
    assert (await ran("ls", "QWEN", "--names")).out == "qwen3:8b\n"


async def test_json_of_a_list_has_the_sizes_in_bytes(ran: Ran) -> None:
    models = (await ran("list", "--json")).json["models"]
    assert [model["name"] for model in models] == ["llama3.2:3b", "qwen3:8b", "gemma3:4b"]
    assert models[0]["size"] == 2_019_393_189
    assert len(models[0]["digest"]) == 64


async def test_loaded_models_are_told_with_their_place_and_time(ran: Ran, fake: FakeOllama) -> None:
    await ran("run", "llama3.2:3b", "hi")
    row = (await ran("ps")).out.splitlines()[1]
    assert row.split()[0] == "llama3.2:3b"
    assert "25%/75% CPU/GPU" in row
    assert "4096" in row
    assert (await ran("ps", "--json")).json["models"][0]["size_vram"] == 2_019_393_189 * 3 // 4


async def test_a_model_is_shown_whole_or_in_part(ran: Ran) -> None:
    assert "quantization        Q4_K_M" in (await ran("show", "llama3.2:3b")).out
    assert (await ran("show", "llama3.2:3b", "--parameters")).out.startswith("stop ")
    assert (await ran("show", "llama3.2:3b", "--json")).json["details"]["format"] == "gguf"
    assert "general.architecture" in (await ran("show", "-v", "llama3.2:3b")).out
    assert (await ran("show", "llama3.2:3b", "--system", "--license")).code == 2


async def test_what_is_not_there_is_told_on_stderr(ran: Ran) -> None:
    done = await ran("show", "nope")
    assert (done.code, done.out) == (1, "")
    assert "has no model nope" in done.err
    assert "has no model nope" in (await ran("show", "nope", "--json")).json["error"]


async def test_a_server_that_is_down_is_told(ran: Ran) -> None:
    done = await ran("--host", "127.0.0.1:1", "list")
    assert done.code == 1
    assert "Nothing listens" in done.err
    assert "99999 is not a port" in (await ran("--host", "http://127.0.0.1:99999", "list")).err


async def test_host_stands_before_or_behind_the_command(ran: Ran) -> None:
    assert (await ran("list", "--host", "127.0.0.1:1")).code == 1
    assert (await ran("list", "--host", "ftp://box")).code == 2


async def test_a_copy_has_a_second_name(ran: Ran) -> None:
    assert (await ran("cp", "llama3.2:3b", "mario")).out == "copied llama3.2:3b to mario\n"
    assert "mario:latest" in (await ran("list", "--names")).out


async def test_one_bad_name_does_not_stop_the_others_from_being_deleted(
    ran: Ran, fake: FakeOllama
) -> None:
    done = await ran("rm", "-y", "nope", "qwen3:8b", "gemma3:4b")
    assert done.code == 1
    assert [*fake.models] == ["llama3.2:3b"]
    assert done.out.splitlines() == ["deleted qwen3:8b", "deleted gemma3:4b", "2 of 3 deleted"]
    assert "nope" in done.err


async def test_options_may_stand_between_names(ran: Ran, fake: FakeOllama) -> None:
    assert (await ran("rm", "qwen3:8b", "-y", "gemma3:4b", "--json")).code == 0
    assert [*fake.models] == ["llama3.2:3b"]


async def test_nothing_is_deleted_where_nobody_can_be_asked(ran: Ran, fake: FakeOllama) -> None:
    done = await ran("rm", "qwen3:8b")
    assert done.code == 2
    assert "-y" in done.err
    assert "qwen3:8b" in fake.models


@pytest.mark.parametrize(("answer", "left"), [("y", 2), ("n", 3), ("", 3)])
async def test_at_a_terminal_deleting_asks_and_names_the_bytes(
    fake: FakeOllama, tmp_path: Path, answer: str, left: int
) -> None:
    async with Terminal("rm", "qwen3:8b", home=tmp_path, OLLAMA_HOST=fake.url) as terminal:
        await terminal.until("[y/N]")
        assert "qwen3:8b  5.2 GB" in terminal.text
        terminal.press(answer + "\r")
        assert await terminal.exit_code() == (0 if answer == "y" else 1)
    assert len(fake.models) == left


async def test_ctrl_c_at_the_question_deletes_nothing(fake: FakeOllama, tmp_path: Path) -> None:
    async with Terminal("rm", "qwen3:8b", home=tmp_path, OLLAMA_HOST=fake.url) as terminal:
        await terminal.until("[y/N]")
        terminal.press("\x03")
        assert await terminal.exit_code() == 130
    assert len(fake.models) == 3


async def test_a_model_is_taken_out_of_memory(ran: Ran, fake: FakeOllama) -> None:
    await ran("run", "llama3.2:3b", "hi")
    done = await ran("stop", "llama3.2:3b", "nope")
    assert done.code == 1
    assert done.out == "stopped llama3.2:3b\n"
    assert not fake.loaded


async def test_an_unknown_command_is_refused_with_the_nearest(ran: Ran) -> None:
    done = await ran("pul", "x")
    assert done.code == 2
    assert "Did you mean pull?" in done.err
