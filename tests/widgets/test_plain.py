from collections.abc import Iterator

import pytest

from tui.widgets import plain
from tui.widgets.glyphs import ASCII, UNICODE
from tui.widgets.plain import one_line, untabbed, visible


@pytest.fixture(params=[UNICODE, ASCII])
def glyphs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(plain, "g", request.param)
    plain._picture.cache_clear()
    yield
    plain._picture.cache_clear()


def test_controls_are_pictures() -> None:
    assert visible("\x00\x07\x1b[2J\x7f\x9b") == "␀␇␛[2J␡\\x9b"
    assert visible("\u202egnp.exe\u2066") == "\\u202egnp.exe\\u2066"
    assert visible("half \ud800") == "half \\ud800"


@pytest.mark.usefixtures("glyphs")
def test_nothing_that_steers_is_left_in_any_set_of_glyphs() -> None:
    text = "".join(map(chr, range(0x100))) + "\u2028\u2029\u202e\ud800"
    kept = set(visible(text))
    steering = {chr(n) for n in [*range(0x20), *range(0x7F, 0xA0)]} - {"\t", "\n"}
    assert not kept & (steering | set("\u2028\u2029\u202e\ud800"))
    visible(text).encode()


def test_ascii_terminals_get_carets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "g", ASCII)
    plain._picture.cache_clear()
    assert visible("\x1b[2J\x7f") == "^[[2J^?"
    plain._picture.cache_clear()


def test_line_ends_become_one_kind_and_tabs_become_spaces() -> None:
    assert visible("a\r\nb\rc\td") == "a\nb␍c\td"
    assert untabbed("a\tb") == "a   b"
    assert one_line(" a\n\t b\u2028c ") == "a b c"
