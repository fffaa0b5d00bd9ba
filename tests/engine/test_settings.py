"""Ollama's variables as people set them."""

import math

import pytest

from tui.engine import settings


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("", 300), ("10m", 300 * 2), ("0", 0), ("30", 30), ("-1", math.inf), ("-1m", math.inf),
        ('"1h"', 3600), ("soon", 300),
    ],
)  # fmt: skip
def test_a_models_stay_is_a_span_or_a_number_of_seconds(
    monkeypatch: pytest.MonkeyPatch, given: str, seconds: float
) -> None:
    monkeypatch.setenv("OLLAMA_KEEP_ALIVE", given)
    assert settings.keep_alive() == seconds


@pytest.mark.parametrize(("given", "number"), [("", 3), ("5", 5), ("0", 3), ("-2", 3), ("x", 3)])
def test_a_number_that_makes_no_sense_is_none(
    monkeypatch: pytest.MonkeyPatch, given: str, number: int
) -> None:
    monkeypatch.setenv("OLLAMA_MAX_LOADED_MODELS", given)
    assert settings.max_loaded() == number


@pytest.mark.parametrize(
    ("given", "prunes"), [("", True), ("0", True), ("false", True), ("1", False), ("yes", False)]
)
def test_a_switch_is_on_with_whatever_does_not_say_off(
    monkeypatch: pytest.MonkeyPatch, given: str, prunes: bool
) -> None:
    monkeypatch.setenv("OLLAMA_NOPRUNE", given)
    assert settings.prunes() is prunes
