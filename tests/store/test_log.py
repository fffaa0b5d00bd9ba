"""The log file."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.domain.places import Places
from tui.store.log import keep_log

NAMES = ("tui", "asyncio")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in NAMES]
    before = [[*logger.handlers] for logger in loggers]
    yield
    for logger, handlers in zip(loggers, before, strict=True):
        for handler in {*logger.handlers} - {*handlers}:
            handler.close()
            logger.removeHandler(handler)


def test_what_asyncio_complains_of_goes_to_the_log_and_not_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    places = Places.below(tmp_path)
    keep_log(places)
    for name in NAMES:
        logging.getLogger(name).error("a trouble of %s", name)
    text = (places.log / "ollama-tui.log").read_text("utf-8")
    assert "a trouble of tui" in text
    assert "a trouble of asyncio" in text
    assert capfd.readouterr().err == ""
