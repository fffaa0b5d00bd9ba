from pathlib import Path
from typing import Any

import pytest

from tui.engine import gguf
from tui.engine.errors import EngineError
from tui.engine.gguf import Gguf
from tui.engine.options import LoadOptions, checked, sampling


@pytest.fixture
def header(tiny: Path) -> Gguf:
    return gguf.read(tiny)


def test_the_request_goes_before_the_model_and_a_null_counts_for_nothing() -> None:
    found = checked({"temperature": 0.1, "top_k": 3}, {"temperature": 1, "top_k": None, "new": "x"})
    assert found == {"temperature": 1, "top_k": 3, "new": "x"}


@pytest.mark.parametrize(
    ("option", "kind"),
    [
        ({"temperature": "hot"}, "float32"),
        ({"num_ctx": "big"}, "integer"),
        ({"num_ctx": True}, "integer"),
        ({"use_mmap": 1}, "boolean"),
        ({"stop": [1]}, "array"),
    ],
)
def test_a_wrong_type_is_refused_in_ollamas_words(option: dict[str, Any], kind: str) -> None:
    name = next(iter(option))
    with pytest.raises(EngineError, match=f'option "{name}" must be of type {kind}') as refusal:
        checked(option)
    assert refusal.value.status == 500


@pytest.mark.parametrize(
    ("wanted", "window"), [(None, 4096), (1024, 1024), (100_000_000, 4096), (-5, 4096), (1, 8)]
)
def test_the_window_never_exceeds_what_the_model_was_trained_for(
    header: Gguf, wanted: int | None, window: int
) -> None:
    assert LoadOptions.choose(header, checked({"num_ctx": wanted})).context == window


def test_the_window_is_ollamas_setting_where_nothing_else_says(
    header: Gguf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_CONTEXT_LENGTH", "512")
    assert LoadOptions.choose(header, {}).context == 512


def test_every_option_is_said_because_the_defaults_differ() -> None:
    body = sampling({"seed": 7, "num_predict": 5, "stop": ["x"]}, 4096)
    assert (body["seed"], body["n_predict"], body["stop"]) == (7, 5, ["x"])
    assert (body["temperature"], body["top_p"], body["min_p"]) == (0.8, 0.9, 0.0)
    assert sampling({}, 100)["n_predict"] == 1000
    assert sampling({}, 100)["seed"] == 2**32 - 1
