import pytest

from tui.domain.completion import Wanted, wanted
from tui.domain.references import dropped_image, escaped, reference_to, references, unescaped


def test_files_are_named_behind_an_at_sign() -> None:
    text = 'see @a.txt, @my\\ b.png and @"c d.md" not me@there or @ alone'
    found = references(text)
    assert [each.path for each in found] == ["a.txt,", "my b.png", "c d.md"]
    assert text[found[1].start : found[1].end] == "@my\\ b.png"


@pytest.mark.parametrize("path", ["plain.txt", "a b.txt", "it's", 'say "hi".txt', "back\\slash"])
def test_every_path_can_be_written_as_one_word(path: str) -> None:
    assert unescaped(escaped(path)) == path
    assert [each.path for each in references(f"see {reference_to(path)} there")] == [path]


@pytest.mark.parametrize(
    ("pasted", "path"),
    [
        ("/tmp/a.png", "/tmp/a.png"),
        ("'/tmp/a b.PNG' ", "/tmp/a b.PNG"),
        ('"/tmp/a.jpeg"', "/tmp/a.jpeg"),
        ("/tmp/a\\ b.webp\n", "/tmp/a b.webp"),
        ("file:///tmp/a%20b.gif", "/tmp/a b.gif"),
        ("~/a.jpg", "~/a.jpg"),
        ("/tmp/a.txt", None),
        ("see /tmp/a.png", None),
        ("a.png", None),
        ("/tmp/a.png\n/tmp/b.png", None),
    ],
)
def test_a_picture_dropped_on_the_terminal_is_known(pasted: str, path: str | None) -> None:
    assert dropped_image(pasted) == path


@pytest.mark.parametrize(
    ("before", "row", "what"),
    [
        ("/", 0, Wanted("command", "", 0)),
        ("/mo", 0, Wanted("command", "mo", 0)),
        ("/mo", 1, None),
        ("/model qw", 0, Wanted("model", "qw", 7)),
        ("/load ", 0, Wanted("model", "", 6)),
        ("see @no", 3, Wanted("file", "no", 4)),
        ("see @a\\ b", 0, Wanted("file", "a b", 4)),
        ("mail me@host", 0, None),
        ("", 0, None),
        ("hello", 0, None),
    ],
)
def test_what_is_being_typed(before: str, row: int, what: Wanted | None) -> None:
    assert wanted(before, row) == what
