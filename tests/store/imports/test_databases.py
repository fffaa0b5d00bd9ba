"""Chats in other programs' SQLite files, made after the schemas those programs publish."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.domain.session import Session
from tui.store.imports.reading import Imported, imported


def read(path: Path, *statements: str) -> Imported:
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)
    before = path.read_bytes()
    found = imported(path)
    assert path.read_bytes() == before
    return found


def said(session: Session) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in session.branch()]


def test_oterms_chats_are_taken(tmp_path: Path) -> None:
    """store.db of oterm 0.19.0 (src/oterm/store/store.py)."""
    found = read(
        tmp_path / "store.db",
        'create table "chat" ("id" integer primary key autoincrement, "name" text,'
        ' "model" text not null, "system" text, "provider" text default "ollama",'
        ' "parameters" text default "{}", "tools" text default "[]", "thinking" boolean default 0)',
        'create table "message" ("id" integer primary key autoincrement,'
        ' "chat_id" integer not null, "author" text not null, "text" text not null,'
        ' "images" text default "[]")',
        "insert into chat (name, model, system, parameters) values"
        """ ('On why', 'llama3.2:3b', 'Be brief.', '{"temperature": 0.2, "max_tokens": 9}')""",
        "insert into chat (name, model, provider) values ('Elsewhere', 'gpt-4o', 'openai-chat')",
        "insert into chat (name, model) values ('Empty', 'phi3')",
        "insert into message (chat_id, author, text, images) values"
        """ (1, 'user', 'Why?', '["AA"]')""",
        "insert into message (chat_id, author, text) values (2, 'user', 'Hi')",
        "insert into message (chat_id, author, text) values (1, 'assistant', 'So.')",
    )
    first, second = found.sessions
    assert (first.title, first.model, first.system) == ("On why", "llama3.2:3b", "Be brief.")
    assert first.options == {"temperature": 0.2, "num_predict": 9}
    assert said(first) == [("user", "Why?\n\n[image]"), ("assistant", "So.")]
    assert first.messages[-1].model == "llama3.2:3b"
    assert second.model == ""
    assert len(found.skipped) == 1
    assert "Entry 3 of store.db" in found.skipped[0]


def test_chats_of_oterm_before_0_15_are_taken(tmp_path: Path) -> None:
    """store.db before oterm's upgrade to 0.15 (src/oterm/store/upgrades/v0_15_0.py)."""
    found = read(
        tmp_path / "store.db",
        "create table chat (id integer primary key, name text, model text not null, system text,"
        " format text, parameters text default '{}', keep_alive integer, tools text)",
        "create table message (id integer primary key, chat_id integer, author text, text text)",
        "insert into chat (name, model) values ('Old', 'llama2')",
        "insert into message (chat_id, author, text) values (1, 'user', 'Hi')",
    )
    assert [(each.title, each.model) for each in found.sessions] == [("Old", "llama2")]


ELIA = (
    "create table chat (model varchar not null, id integer primary key, title varchar,"
    " started_at datetime, archived boolean not null)",
    "create table message (id integer primary key, chat_id integer, role varchar not null,"
    " content varchar not null, timestamp datetime, meta json, parent_id integer, model varchar)",
    "insert into chat values ('ollama/llama3', 1, 'On why', '2024-05-01 10:00:00.000000', 1)",
)


@pytest.mark.parametrize("parents", [("null", "null"), ("null", "1")])
def test_elias_chats_are_taken(tmp_path: Path, parents: tuple[str, str]) -> None:
    """elia.sqlite of elia 1.10.0 (elia_chat/database/models.py)."""
    say = "insert into message values ({}, 1, '{}', '{}', '2024-05-01 10:0{}:00', '{{}}', {}, '{}')"
    found = read(
        tmp_path / "elia.sqlite",
        *ELIA,
        say.format(1, "system", "Be brief.", 0, "null", "ollama/llama3"),
        say.format(2, "user", "Why?", 1, parents[0], "ollama/llama3"),
        say.format(3, "assistant", "So.", 2, "2" if parents[1] == "1" else "null", "ollama/llama3"),
    )
    (session,) = found.sessions
    assert found.skipped == []
    assert (session.title, session.model, session.archived) == ("On why", "llama3", True)
    assert session.system == "Be brief."
    assert session.created_at == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert session.updated_at == datetime(2024, 5, 1, 10, 2, tzinfo=UTC)
    assert said(session) == [("user", "Why?"), ("assistant", "So.")]


def test_a_chat_without_a_model_is_told_and_the_others_are_taken(tmp_path: Path) -> None:
    found = read(
        tmp_path / "elia.sqlite",
        ELIA[0].replace("model varchar not null", "model varchar"),
        *ELIA[1:],
        "insert into chat values (null, 2, 'Odd', '2024-05-01 10:00:00.000000', 0)",
        "insert into message values (1, 1, 'user', 'Why?', '2024-05-01 10:00', '{}', null, 'x')",
    )
    assert [each.title for each in found.sessions] == ["On why"]
    assert "Entry 2 of elia.sqlite" in found.skipped[0]


def test_open_webuis_own_database_is_taken(tmp_path: Path) -> None:
    """webui.db of Open WebUI (backend/open_webui/models/chats.py)."""
    message: dict[str, object] = {
        "id": "q",
        "parentId": None,
        "childrenIds": [],
        "role": "user",
        "content": "Why?",
    }
    chat = {"models": ["phi3"], "history": {"messages": {"q": message}, "currentId": "q"}}
    found = read(
        tmp_path / "webui.db",
        "create table chat (id varchar primary key, user_id varchar, title text, chat json,"
        " created_at bigint, updated_at bigint, archived boolean, pinned boolean, meta json)",
        f"insert into chat values ('x', 'u', 'On why', '{json.dumps(chat)}', 1760000000,"
        """ 1760000100, 0, null, '{"tags": ["a"]}')""",
        "insert into chat values ('y', 'u', 'Bad', '{', 1, 2, 0, 0, null)",
    )
    (session,) = found.sessions
    assert (session.title, session.model, session.tags) == ("On why", "phi3", ["a"])
    assert len(found.skipped) == 1


def test_a_database_of_another_program_is_told(tmp_path: Path) -> None:
    found = read(tmp_path / "x.db", "create table chat (id integer)")
    assert found.sessions == []
    assert "none of oterm's" in found.skipped[0]
