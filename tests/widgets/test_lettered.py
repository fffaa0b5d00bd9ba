"""What becomes of letters that a terminal cannot show."""

from rich.segment import Segment
from textual.color import Color

from tui.widgets.glyphs import UNICODE
from tui.widgets.lettered import _Letters

BLACK = Color(0, 0, 0)


def through(encoding: str, text: str) -> str:
    return "".join(each.text for each in _Letters(encoding).apply([Segment(text)], BLACK))


def test_marks_and_frames_become_ascii_and_languages_stay() -> None:
    assert through("utf-8", "╭─ “Größe” · 中文 ─╮") == '+- "Größe" - 中文 -+'


def test_every_sign_of_ours_has_an_ascii_one_of_one_cell() -> None:
    signs = "".join(getattr(UNICODE, name) for name in UNICODE.__struct_fields__)
    assert through("ascii", signs).isascii()
    assert len(through("ascii", signs)) == len(signs)
    assert "?" in through("ascii", UNICODE.verify)


def test_what_the_output_cannot_carry_keeps_its_width() -> None:
    assert through("iso-8859-1", "é中文👍…") == "é??????~"
