"""Titles that models are asked for."""

from datetime import UTC, datetime

import pytest

from tui.domain.session import Message, Role
from tui.domain.titles import title_request, title_said

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


def said(role: Role, content: str) -> Message:
    return Message(id=content[:9], parent=None, role=role, content=content, created_at=MOMENT)


def test_a_model_is_shown_the_first_question_and_answer_and_not_all_of_them() -> None:
    branch = [said("user", "q" * 9000), said("assistant", "Answer."), said("user", "More?")]
    (asked,) = title_request(branch)
    assert asked["role"] == "user"
    assert "assistant: Answer." in asked["content"]
    assert "More?" not in asked["content"]
    assert len(asked["content"]) < 2000


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("Mounting a Docker volume", "Mounting a Docker volume"),
        ('\n "Mounting a volume." \nI chose this because', "Mounting a volume"),
        ("**Title: Cats**", "Cats"),
        ("# 标题：《猫》", "猫"),
        ("「今天天气。」", "今天天气"),
        (" \n\n", ""),
        ('""', ""),
    ],
)
def test_the_title_is_the_first_line_without_ornaments(answer: str, title: str) -> None:
    assert title_said(answer) == title


def test_a_title_is_not_longer_than_others() -> None:
    assert len(title_said("word " * 100)) < 50
