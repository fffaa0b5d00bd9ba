"""Clients of Ollama's that take long to install: `make clients` installs and drives them.

curl is driven always; the others are skipped where they are not.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import tiny_gguf
from engine_process import EngineProcess

_HERE = Path(__file__).resolve().parent
_INSTALLED = _HERE.parents[1] / "build" / "clients"
_PYTHON = _INSTALLED / "bin" / "python"
_SECONDS = 120


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    pytest.importorskip("xllamacpp")
    folder = tmp_path_factory.mktemp("models")
    thinking = tiny_gguf.write(folder / "think.gguf", template=tiny_gguf.THINKING_TEMPLATE)
    with EngineProcess(tmp_path_factory.mktemp("engine")) as running:
        running.create("tiny", tiny_gguf.write(folder / "tiny.gguf"))
        running.create("tiny-think", thinking)
        running.create("tiny-embed", tiny_gguf.write(folder / "embed.gguf", embed=True))
        yield running


def _run(*command: str | Path, cwd: Path | None = None, **variables: str) -> str:
    run = subprocess.run(
        command, cwd=cwd, env=os.environ | variables, capture_output=True, text=True,
        timeout=_SECONDS, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl")
def test_curl_sees_lines_as_they_come(engine: EngineProcess) -> None:
    body = json.dumps({"model": "tiny", "prompt": "Hi", "options": {"num_predict": 3}})
    out = _run("curl", "-siN", f"{engine.url}/api/generate", "-d", body)
    head, _blank, lines = out.partition("\n\n")
    assert head.startswith("HTTP/1.1 200 OK")
    assert "transfer-encoding: chunked" in head.lower()
    assert json.loads(lines.splitlines()[-1])["done_reason"] == "length"
    head = _run("curl", "-sI", f"{engine.url}/api/tags")
    assert head.startswith("HTTP/1.1 200 OK")


@pytest.mark.skipif(not _PYTHON.exists(), reason="make clients installs langchain-ollama")
def test_langchain_does_all_it_does_with_ollama(engine: EngineProcess) -> None:
    _run(_PYTHON, _HERE / "with_langchain.py", engine.url)


@pytest.mark.skipif(
    not (_INSTALLED / "node_modules").exists(), reason="make clients installs the npm client"
)
def test_the_npm_client_does_all_it_does_with_ollama(engine: EngineProcess) -> None:
    _run("node", _HERE / "with_npm.mjs", engine.url, cwd=_INSTALLED)


@pytest.mark.skipif(not _PYTHON.exists(), reason="make clients installs oterm")
def test_oterm_shows_an_answer_and_the_size_of_the_context(
    engine: EngineProcess, tmp_path: Path
) -> None:
    _run(
        _PYTHON, _HERE / "with_oterm.py",
        OLLAMA_URL=engine.url, OTERM_DATA_DIR=str(tmp_path), HTTPS_PROXY="http://127.0.0.1:9",
    )  # fmt: skip
