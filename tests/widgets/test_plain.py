from collections.abc import Iterator

import pytest

from tui.widgets.glyphs import ASCII, UNICODE, use
from tui.widgets.plain import one_line, untabbed, visible


@pytest.fixture(params=[UNICODE, ASCII])
def glyphs(request: pytest.FixtureRequest) -> Iterator[None]:
    use(request.param)
    yield
    use(UNICODE)


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


@pytest.mark.parametrize("glyphs", [ASCII], indirect=True)
@pytest.mark.usefixtures("glyphs")
def test_ascii_terminals_get_carets() -> None:
    assert visible("\x1b[2J\x7f") == "^[[2J^?"


def test_line_ends_become_one_kind_and_tabs_become_spaces() -> None:
    assert visible("a\r\nb\rc\td") == "a\nb␍c\td"
    assert untabbed("a\tb") == "a   b"
    assert one_line(" a\n\t b\u2028c ") == "a b c"
