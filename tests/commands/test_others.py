"""search, export, signin, signout, completion; and pulls by the real engine."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from commanding import Ran
from engine_process import EngineProcess
from fake_ollama import FakeOllama
from homes import conversation
from ptybench import Program
from ptyprocess import TUI, environment
from registry import Knobs, Registry, random_bytes
from served import served

WEIGHTS = "application/vnd.ollama.image.model"


async def test_a_search_finds_names_first_and_then_descriptions(ran: Ran) -> None:
    rows = (await ran("search", "qwen3", "coder")).out.splitlines()
    assert rows[0].split() == ["NAME", "SIZES", "CAN", "ABOUT"]
    assert rows[1].startswith("qwen3-coder ")
    assert "all-minilm" in (await ran("search", "sentence-embedding")).out
    assert (await ran("search", "zzzzzz")).code == 1


async def test_a_search_goes_on_where_nothing_new_can_be_read(ran: Ran) -> None:
    ended = await ran("search", "--refresh", "qwen3")
    assert ended.code == 0
    assert "qwen3 " in ended.out
    assert "The list stays as it was." in ended.err


async def test_a_search_tells_variants_and_json(ran: Ran) -> None:
    assert "smollm2:135m" in (await ran("search", "--tags", "smollm2")).out
    first = (await ran("search", "smollm2", "--json")).json["models"][0]
    assert first["name"] == "smollm2"
    assert "135m" in [tag["tag"] for tag in first["tags"]]


async def test_a_conversation_is_exported_by_id_or_title(ran: Ran, tmp_path: Path) -> None:
    session = conversation(tmp_path / "home", 4)
    done = await ran("export", session, "md", str(tmp_path))
    assert done.code == 0
    assert Path(done.out.strip()).read_text("utf-8").startswith("# Talk of 4")
    files = (await ran("export", "talk of 4", "jsonl", str(tmp_path / "talk"), "--json")).json
    assert files == {"files": [str(tmp_path / "talk")], "count": 1, "skipped": []}


async def test_all_conversations_go_into_a_folder(ran: Ran, tmp_path: Path) -> None:
    for messages in (2, 4):
        conversation(tmp_path / "home", messages)
    assert (await ran("export", "--all", "txt", str(tmp_path / "out"))).code == 0
    assert len([*(tmp_path / "out").glob("*.txt")]) == 2


async def test_an_export_that_names_nothing_says_so(ran: Ran) -> None:
    assert (await ran("export", "x")).code == 2
    done = await ran("export", "x", "md")
    assert done.code == 1
    assert "There is no conversation x" in done.err


async def test_signing_in_tells_the_page_and_waits_for_the_user(
    ran: Ran, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.commands.account._POLL", 0.01)

    async def user() -> None:
        while len([path for _method, path, _body in fake.asked if path == "/api/me"]) < 3:
            await asyncio.sleep(0.01)
        fake.account = "ada"

    waits = asyncio.create_task(user())
    done = await ran("signin")
    await waits
    assert done.out.splitlines()[1:] == [fake.signin_url, "signed in as ada"]
    assert (await ran("signout")).code == 0
    assert fake.account == ""


async def test_completion_knows_commands_options_and_models(
    ran: Ran, fake: FakeOllama, tmp_path: Path
) -> None:
    for shell in ("bash", "zsh", "fish"):
        script = (await ran("completion", shell)).out
        for word in ("signout", "--dry-run", "--yes", "list --names"):
            assert word in script


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
async def test_bash_runs_nothing_that_a_server_calls_a_model(ran: Ran, tmp_path: Path) -> None:
    script = (await ran("completion", "bash")).out
    trap = "x$(touch${IFS}" + str(tmp_path / "trap") + ")"
    asked = (
        f"ollama-tui() {{ printf '%s\\n' '{trap}' '*' good:1b; }}\n{script}\n"
        'COMP_LINE="ollama-tui rm " COMP_POINT=14\n'
        '_ollama_tui; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    shell = await asyncio.create_subprocess_exec(
        "bash", "-c", asked, cwd=tmp_path, stdout=subprocess.PIPE
    )
    out, _err = await shell.communicate()
    assert [word for word in out.decode().split() if word[0] != "-"] == ["good:1b"]
    assert not (tmp_path / "trap").exists()


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ollama-tui pu", ["pull", "push"]),
        ("ollama-tui --host gpu:1 pu", ["pull", "push"]),
        ("ollama-tui rm --y", ["--yes"]),
        ("ollama-tui rm qw", ["qwen3:8b"]),
        ("ollama-tui rm qwen3:8", ["8b"]),
        ("ollama-tui show qwen3:8b ge", ["gemma3:4b"]),
        ("ollama-tui completion z", ["zsh"]),
    ],
)
async def test_bash_completes(
    ran: Ran, fake: FakeOllama, tmp_path: Path, line: str, offered: list[str]
) -> None:
    script = (await ran("completion", "bash")).out
    # The words as bash cuts them, and a program of the name that the script asks.
    asked = (
        f'ollama-tui() {{ {" ".join(TUI)} "$@"; }}\n{script}\n'
        f'COMP_LINE="{line}" COMP_POINT={len(line)} COMP_WORDBREAKS=" :="\n'
        "COMP_WORDS=($COMP_LINE) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
        '_ollama_tui; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    shell = await asyncio.create_subprocess_exec(
        "bash", "-c", asked,
        env=environment(tmp_path, OLLAMA_HOST=fake.url), stdout=subprocess.PIPE,
    )  # fmt: skip
    out, _err = await shell.communicate()
    assert out.decode().split() == offered


def _shell_path(folder: Path) -> str:
    """A PATH on which the program is found."""
    program = folder / "ollama-tui"
    program.write_text(f'#!/bin/sh\nexec {" ".join(TUI)} "$@"\n')
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
async def test_fish_completes(ran: Ran, fake: FakeOllama, tmp_path: Path) -> None:
    script = (await ran("completion", "fish")).out
    (tmp_path / "Modelfile.one").touch()
    lines = "ollama-tui rm q", "ollama-tui pus", "ollama-tui pull --dr", "ollama-tui create x -f Mo"
    asked = script + "\n".join(f'complete -C "{line}"' for line in lines)
    settings = environment(tmp_path, OLLAMA_HOST=fake.url, PATH=_shell_path(tmp_path))
    shell = await asyncio.create_subprocess_exec(
        "fish", "--no-config", "-c", asked, env=settings, cwd=tmp_path, stdout=subprocess.PIPE
    )
    out, _err = await shell.communicate()
    offered = [row.split("\t")[0] for row in out.decode().splitlines()]
    assert offered == ["qwen3:8b", "push", "--dry-run", "Modelfile.one"]


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
def test_zsh_completes(tmp_path: Path) -> None:
    path = _shell_path(tmp_path)
    with (
        served("--short-log") as url,
        Program(["zsh", "-f"], home=tmp_path, OLLAMA_HOST=url, PATH=path, PS1="> ") as shell,
    ):
        shell.send("autoload -Uz compinit; compinit -u; source <(ollama-tui completion zsh)\r")
        shell.send("print re${:-ad} it\r")
        shell.wait_for("read it")
        for typed, whole in (("rm q", "rm qwen3:8b"), ("pus", "push"), ("pull --dr", "--dry-run")):
            shell.send(f"\x15ollama-tui {typed}\t")
            shell.wait_for(whole)


async def test_the_engine_pulls_from_a_registry_that_drops_connections(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knobs = Knobs(cut_after=400_000, only_over=1000)
    with Registry(knobs) as registry, EngineProcess(tmp_path / "engine") as engine:
        monkeypatch.setenv("OLLAMA_HOST", engine.url)
        name = registry.add("library/one:latest", {WEIGHTS: random_bytes(1_000_000)})
        gone = f"{registry.host}/library/gone:latest"
        done = await ran("pull", "--insecure", gone, name)
        assert done.code == 1
        assert done.out.splitlines()[-1] == "1 done, 1 failed"
        assert "not in its registry" in done.err
        blobs = [file.stat().st_size for file in engine.blobs.iterdir()]
        assert 1_000_000 in blobs
        again = (await ran("pull", "--dry-run", "--insecure", "--json", name)).json["models"][0]
        assert again["missing"] == 0
