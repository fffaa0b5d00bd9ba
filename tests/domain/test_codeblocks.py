"""Code in a message, and the names of files for it."""

import pytest

from tui.domain.codeblocks import CodeBlock, code_blocks


def test_each_block_has_its_language_and_one_still_open_counts() -> None:
    text = "a\n```python title=x\nprint()\n```\n~~~\n```\n~~~\n````\nopen"
    assert code_blocks(text) == [
        CodeBlock("python", "print()"),
        CodeBlock("", "```"),
        CodeBlock("", "open"),
    ]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("Python", "code.py"),
        ("bash", "code.sh"),
        ("json", "code.json"),
        ("", "code.txt"),
        ("../../x", "code.txt"),
        ("c++", "code.cpp"),
        ("dockerfile", "Dockerfile"),
    ],
)
def test_a_file_is_named_by_the_language(language: str, name: str) -> None:
    assert CodeBlock(language, "").file_name == name
