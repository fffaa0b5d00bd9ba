"""A conversation as a text for others."""

import json
from datetime import UTC, datetime

import pytest

from tui.domain.exports import file_name, json_lines, markdown, plain_text, request_of
from tui.domain.session import Message, Session

MOMENT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def conversation() -> Session:
    """A question asked in two ways; the second is shown."""
    session = Session(title="Why: so?", model="qwen3:8b", system="Be brief.", created_at=MOMENT)
    said = [
        Message(id="old", parent=None, role="user", content="Old", created_at=MOMENT),
        Message(id="q", parent=None, role="user", content="Why\n\nso?", created_at=MOMENT),
        Message(
            id="a",
            parent="q",
            role="assistant",
            content="Because.\n",
            thinking="First\n\nsecond",
            model="qwen3:8b",
            state="interrupted",
            error="the line broke",
            created_at=MOMENT,
        ),
    ]
    for each in said:
        session.add(each)
    return session


def test_markdown_has_a_heading_a_speaker_and_thoughts_as_a_quote() -> None:
    assert markdown(conversation()) == (
        "# Why: so?\n\nqwen3:8b · 2026-01-02 03:04 UTC\n\n"
        "## System\n\nBe brief.\n\n"
        "## You\n\nWhy\n\nso?\n\n"
        "## qwen3:8b\n\n> First\n>\n> second\n\nBecause.\n\n*interrupted: the line broke*\n"
    )


def test_plain_text_leaves_the_thoughts_out() -> None:
    assert plain_text(conversation()) == (
        "Why: so?\n\nSystem:\nBe brief.\n\nYou:\nWhy\n\nso?\n\n"
        "qwen3:8b:\nBecause.\n\n\n(interrupted: the line broke)\n"
    )


def test_json_lines_have_one_message_each() -> None:
    system, question, answer = map(json.loads, json_lines(conversation()).splitlines())
    assert system == {"role": "system", "content": "Be brief."}
    assert question == {
        "role": "user",
        "content": "Why\n\nso?",
        "created_at": "2026-01-02T03:04:00Z",
    }
    assert (answer["model"], answer["thinking"]) == ("qwen3:8b", "First\n\nsecond")


def test_what_tools_say_stands_in_a_fence_longer_than_any_inside() -> None:
    session = conversation()
    call = {"function": {"name": "look", "arguments": {}}}
    session.add(
        Message(
            id="c", parent="a", role="assistant", content="", tool_calls=[call], created_at=MOMENT
        )
    )
    session.add(
        Message(id="t", parent="c", role="tool", content="a\n```\nb\n```", created_at=MOMENT)
    )
    assert '## Assistant\n\n```json\n{\n  "function"' in markdown(session)
    assert markdown(session).endswith("## Tool\n\n````\na\n```\nb\n```\n````\n")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("How to: mount /dev?", "ollama-tui-How-to-mount-dev.md"),
        ("天气怎么样？", "ollama-tui-天气怎么样.md"),
        ("../../etc", "ollama-tui-etc.md"),
        ("x" * 99, f"ollama-tui-{'x' * 48}.md"),
        ("", "ollama-tui-0123.md"),
        ("?!", "ollama-tui-0123.md"),
    ],
)
def test_a_file_name_is_made_of_letters_and_digits(title: str, name: str) -> None:
    assert file_name(Session(id="0123", title=title), "md") == name


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", ("md", ".", False)),
        ("json", ("json", ".", False)),
        ("JSONL ~/a b.x", ("jsonl", "~/a b.x", False)),
        ("notes.txt", ("txt", "notes.txt", False)),
        ("my notes", ("md", "my notes", False)),
        ("all txt ~/chats", ("txt", "~/chats", True)),
        ("all my chats", ("md", "my chats", True)),
    ],
)
def test_a_request_names_a_form_and_a_path(words: str, wanted: tuple[object, ...]) -> None:
    assert request_of(words) == wanted


def test_all_of_them_need_a_folder() -> None:
    with pytest.raises(ValueError, match="FOLDER"):
        request_of("all md")
