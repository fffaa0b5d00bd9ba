from tui.domain.attachments import Named, embedded, is_image
from tui.domain.references import references


def test_texts_of_files_stand_below_the_message() -> None:
    text = "Compare @a.py with @src/b.txt now"
    first, second = references(text)
    told = embedded(text, [Named(first, "print(1)\n"), Named(second, "no end")])
    assert told == (
        "Compare a.py with b.txt now\n\na.py:\n```py\nprint(1)\n```\n\nb.txt:\n```txt\nno end\n```"
    )


def test_a_fence_is_longer_than_any_in_the_file() -> None:
    [reference] = references("@a.md")
    told = embedded("@a.md", [Named(reference, "````\ncode\n````\n")])
    assert told == "a.md\n\na.md:\n`````md\n````\ncode\n````\n`````"


def test_a_picture_is_only_named() -> None:
    text = "What is on @pics/cat.png?"
    [reference] = references(text)
    cut = reference._replace(path="pics/cat.png", end=reference.end - 1)
    assert embedded(text, [Named(cut, None)]) == "What is on cat.png?"


def test_pictures_are_known_by_how_they_begin() -> None:
    assert is_image(b"\x89PNG\r\n\x1a\n")
    assert is_image(b"\xff\xd8\xff\xe0")
    assert is_image(b"GIF89a")
    assert is_image(b"RIFF\x00\x00\x00\x00WEBPVP8 ")
    assert not is_image(b"RIFF\x00\x00\x00\x00WAVE")
    assert not is_image(b"<svg/>")
