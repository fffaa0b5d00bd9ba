"""Chats in other programs' SQLite files: oterm's, elia's and Open WebUI's."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from tui.domain.language import _
from tui.domain.session import Session
from tui.store.imports import open_webui
from tui.store.imports.growing import About, Said, grown, moment, one_after_another

Row = dict[str, Any]
Rows = list[Row]
_OLLAMAS_OPTIONS = {"max_tokens": "num_predict"}
"""Options that oterm renamed, by their name in Ollama."""


def sessions(path: Path) -> Iterator[Callable[[], Session]]:
    """What reads each chat of a database; that raises ValueError.

    Raises sqlite3.Error, and ValueError for one of another program.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        database.row_factory = _row
        columns = {table: _columns(database, table) for table in ("chat", "message")}
        read: Callable[[Row, Rows], Session]
        if {"author", "text"} <= columns["message"]:
            read = oterm
        elif {"role", "content", "parent_id"} <= columns["message"]:
            read = elia
        elif {"chat", "user_id"} <= columns["chat"]:
            read = _webui
        else:
            raise ValueError(_("it is none of oterm's, elia's or Open WebUI's databases"))
        for chat in database.execute("select * from chat order by id").fetchall():
            asked = "select * from message where chat_id = ? order by id"
            said = database.execute(asked, (chat["id"],)).fetchall() if columns["message"] else []
            yield partial(read, chat, said)


def oterm(chat: Row, messages: Rows) -> Session:
    """A chat of oterm's store.db; it notes no times."""
    ollamas = chat.get("provider", "ollama") == "ollama"
    options = msgspec.json.decode(chat.get("parameters") or "{}", type=dict[str, Any])
    about = About(
        title=chat.get("name") or "",
        model=chat["model"] if ollamas else "",
        system=chat.get("system") or "",
        options={_OLLAMAS_OPTIONS.get(key, key): value for key, value in options.items()},
    )
    return grown(about, one_after_another(_of_oterm(each, chat["model"]) for each in messages))


def elia(chat: Row, messages: Rows) -> Session:
    """A chat of elia.sqlite. Its messages know their parents only in some versions."""
    about = About(
        title=chat.get("title") or "",
        model=_of_litellm(chat["model"]),
        created_at=moment(chat.get("started_at")),
        archived=bool(chat.get("archived")),
    )
    said = [_of_elia(each) for each in messages]
    if not any(each.parent for each in said):
        said = one_after_another(said)
    return grown(about, said)


def _of_oterm(message: Row, model: str) -> Said:
    pictures = len(msgspec.json.decode(message.get("images") or "[]", type=list[Any]))
    answers = message["author"] == "assistant"
    return Said(
        key=None,
        role=message["author"],
        content="\n\n".join([message["text"], *["[image]"] * pictures]),
        model=model if answers else "",
    )


def _of_elia(message: Row) -> Said:
    return Said(
        key=message["id"],
        parent=message["parent_id"],
        role=message["role"],
        content=message["content"],
        model=_of_litellm(message.get("model") or "") if message["role"] == "assistant" else "",
        created_at=moment(message.get("timestamp")),
    )


def _of_litellm(name: str) -> str:
    """Ollama's name of a model that LiteLLM was given; others are not Ollama's."""
    for prefix in ("ollama/", "ollama_chat/"):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return ""


def _webui(chat: Row, _messages: Rows) -> Session:
    decoded = {key: msgspec.json.decode(chat.get(key) or "null") for key in ("chat", "meta")}
    return open_webui.session(chat | decoded)


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    names = (column[0] for column in cursor.description)
    return dict(zip(names, values, strict=True))


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    return {row["name"] for row in database.execute(f"pragma table_info({table})")}
