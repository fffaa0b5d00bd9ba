"""Other programs' conversations in JSON, made after what each program publishes."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tui.domain.session import Message, Session
from tui.store.imports.growing import moment
from tui.store.imports.reading import Imported, imported
from tui.store.session_file import encode

Read = Callable[..., Imported]

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(value: object, name: str = "chats.json") -> Imported:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        (tmp_path / name).write_bytes(data)
        return imported(tmp_path / name)

    return read


def one(found: Imported) -> Session:
    assert found.skipped == []
    (session,) = found.sessions
    return session


def said(session: Session, leaf: str | None = None) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in session.branch(leaf)]


# --- ours ---


def test_an_exported_conversation_comes_back_under_another_id(read: Read) -> None:
    session = Session(title="Mine", tags=["a"], queued=["later"], extra={"colour": "red"})
    session.add(Message(id="q", parent=None, role="user", content="Hi", created_at=MOMENT))
    back = one(read(encode(session)))
    assert back.id != session.id
    assert back.queued == []
    assert (back.title, back.tags, back.extra) == ("Mine", ["a"], {"colour": "red"})
    assert back.messages == session.messages


def test_a_newer_version_of_ours_is_left_out(read: Read) -> None:
    found = read({"schema": 99, "messages": []})
    assert found.sessions == []
    assert "newer version" in found.skipped[0]


# --- OpenAI ---

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "image_url"}]},
    {"role": "assistant", "content": "A cat.", "reasoning_content": "Whiskers."},
]


@pytest.mark.parametrize("form", ["object", "bare", "lines", "many"])
def test_openai_messages_are_one_conversation(read: Read, form: str) -> None:
    """`messages` of OpenAI's chat completions API, reference of 2025, as tools save them."""
    lines = "\n".join(map(json.dumps, MESSAGES)).encode()
    given = {
        "object": {"title": "Cats", "messages": MESSAGES},
        "bare": MESSAGES,
        "lines": lines,
        "many": [{"title": "Cats", "messages": MESSAGES}],
    }
    session = one(read(given[form]))
    assert session.title == ("Cats" if form in ("object", "many") else "What is this? [image_url]")
    assert session.system == "Be brief."
    assert said(session) == [
        ("user", "What is this?\n\n[image_url]"),
        ("assistant", "A cat."),
    ]
    assert session.messages[-1].thinking == "Whiskers."


def test_a_training_file_has_a_conversation_a_line(read: Read) -> None:
    """The JSONL of OpenAI's fine-tuning guide: an object with `messages` in each line."""
    line = json.dumps({"messages": MESSAGES})
    found = read(f"{line}\n\n{line}\n{{bad\n".encode(), "train.jsonl")
    assert len(found.sessions) == 2
    assert "Entry 3 of train.jsonl was left out" in found.skipped[0]


# --- ChatGPT ---


def node(
    id: str, parent: str | None, role: str = "", *parts: object, **more: object
) -> dict[str, Any]:
    message: dict[str, Any] | None = None
    if role:
        message = {
            "id": id,
            "author": {"role": role, "name": None, "metadata": {}},
            "create_time": 1697000000.5,
            "update_time": None,
            "content": {"content_type": "text", "parts": [*parts]},
            "status": "finished_successfully",
            "end_turn": True,
            "weight": 1.0,
            "metadata": {"model_slug": "gpt-4o"} if role == "assistant" else {},
            "recipient": "all",
        }
        message |= more
    return {"id": id, "message": message, "parent": parent, "children": []}


def chatgpt(**more: object) -> dict[str, Any]:
    nodes = [
        node("root", None),
        node("system", "root", "system", ""),
        node("hidden", "system", "user", "about me", metadata={
            "is_visually_hidden_from_conversation": True
        }),
        node("q", "hidden", "user", "Why?"),
        node("a1", "q", "assistant", "Old answer."),
        node(
            "thought", "q", "assistant",
            content={"content_type": "thoughts", "thoughts": [{"summary": "s", "content": "Hm."}]},
        ),
        node("a2", "thought", "assistant", "New answer."),
        node("q2", "a2", "user", {"content_type": "image_asset_pointer"}, "And this?"),
    ]  # fmt: skip
    return {
        "id": "c",
        "title": "On why",
        "create_time": 1697000000.0,
        "update_time": 1697000100.0,
        "current_node": "q2",
        "is_archived": True,
        "mapping": {each["id"]: each for each in nodes},
    } | more


def test_a_chatgpt_export_keeps_its_branches(read: Read) -> None:
    """conversations.json of ChatGPT's data export, as mitkury/chatgpt-export-parser describes it
    (docs/chatgpt-data-export-format.md, 2025)."""
    session = one(read([chatgpt()]))
    assert (session.title, session.model, session.archived) == ("On why", "", True)
    assert session.created_at == datetime(2023, 10, 11, 4, 53, 20, tzinfo=UTC)
    assert session.updated_at == datetime(2023, 10, 11, 4, 55, tzinfo=UTC)
    assert said(session) == [
        ("user", "Why?"),
        ("assistant", ""),
        ("assistant", "New answer."),
        ("user", "[image]\n\nAnd this?"),
    ]
    first, *_rest = session.branch()
    old = next(each for each in session.messages if each.content == "Old answer.")
    assert old.parent == first.id
    assert old.model == "gpt-4o"
    assert [each.thinking for each in session.branch()] == ["", "Hm.", "", ""]


def test_a_damaged_entry_is_told_and_the_others_are_taken(read: Read) -> None:
    circle = {"a": node("a", "b", "user", "x"), "b": node("b", "a", "user", "y")}
    odd = chatgpt(create_time="long ago", update_time=-1, current_node="gone")
    entries = [
        chatgpt(),
        chatgpt(mapping={"a": {"message": {"author": "me"}}}),
        chatgpt(mapping={}),
        {"some": "thing"},
        17,
        chatgpt(mapping=circle),
        odd,
    ]
    found = read(entries)
    assert len(found.sessions) == 3
    assert [text.split()[1] for text in found.skipped] == ["2", "3", "4", "5"]


def test_the_archive_that_chatgpt_sends_is_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("chat.html", "<html>")
        archive.writestr("conversations.json", json.dumps([chatgpt()]))
    assert one(imported(tmp_path / "export.zip")).title == "On why"


# --- Open WebUI ---


def webui() -> dict[str, Any]:
    def message(
        id: str, parent: str | None, role: str, content: str, **more: object
    ) -> dict[str, Any]:
        made: dict[str, Any] = {
            "id": id,
            "parentId": parent,
            "childrenIds": [],
            "timestamp": 1760000000,
        }
        return made | {"role": role, "content": content} | more

    thought = (
        '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds'
        "</summary>\n&gt; Hm.\n&gt; So.\n</details>\nNew answer."
    )
    messages = [
        message("q", None, "user", "Why?", models=["llama3.2:3b"]),
        message("a1", "q", "assistant", "Old answer.", model="llama3.2:3b", done=True),
        message("a2", "q", "assistant", thought, model="qwen3:8b", done=True),
    ]
    return {
        "id": "4b1d",
        "user_id": "u",
        "title": "On why",
        "chat": {
            "title": "On why",
            "models": ["llama3.2:3b"],
            "system": "Be brief.",
            "params": {},
            "history": {"messages": {m["id"]: m for m in messages}, "currentId": "a2"},
            "messages": [messages[0], messages[2]],
            "timestamp": 1760000000000,
        },
        "updated_at": 1760000100,
        "created_at": 1760000000,
        "archived": False,
        "pinned": True,
        "meta": {"tags": ["science"]},
        "folder_id": None,
    }


def test_an_open_webui_export_keeps_its_branches(read: Read) -> None:
    """Export Chats of Open WebUI, as docs.openwebui.com (Import & Export, 2026) and
    backend/open_webui/models/chats.py describe it."""
    session = one(read([webui()]))
    assert (session.title, session.model, session.system) == ("On why", "llama3.2:3b", "Be brief.")
    assert (session.pinned, session.archived, session.tags) == (True, False, ["science"])
    assert session.updated_at.timestamp() == 1760000100
    assert said(session) == [("user", "Why?"), ("assistant", "New answer.")]
    assert session.branch()[-1].thinking == "Hm.\nSo."
    assert len(session.siblings(session.branch()[-1])) == 2


def test_an_old_open_webui_export_has_only_the_branch_shown(read: Read) -> None:
    entry = webui()
    del entry["chat"]["history"]
    assert said(one(read([entry]))) == [("user", "Why?"), ("assistant", "New answer.")]


# --- parllama ---


def parllama(**more: object) -> dict[str, Any]:
    return {
        "id": "0a1b",
        "_salt": None,
        "__key__": None,
        "name": "On why",
        "name_generated": True,
        "last_updated": "2026-03-01T10:00:00+00:00",
        "llm_config": {
            "provider": "Ollama",
            "model_name": "llama3.2:3b",
            "temperature": 0.5,
            "num_ctx": None,
        },
        "total_cost": 0.0,
        "messages": [
            {"id": "1", "role": "system", "content": "Be brief.", "thinking": "", "images": None},
            {"id": "2", "role": "user", "content": "Why?", "images": ["data:image/png;base64,AA"]},
            {"id": "3", "role": "assistant", "content": "So.", "thinking": "Hm.", "images": None},
        ],
    } | more


def test_a_parllama_chat_is_taken_with_its_options(read: Read) -> None:
    """A session file of parllama 0.9.2 (chat_session.py, chat_message.py)."""
    session = one(read(parllama()))
    assert (session.title, session.model, session.system) == ("On why", "llama3.2:3b", "Be brief.")
    assert session.options == {"temperature": 0.5}
    assert session.updated_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert said(session) == [("user", "Why?\n\n[image]"), ("assistant", "So.")]
    assert session.branch()[-1].thinking == "Hm."


def test_older_parllama_chats_are_taken_too(read: Read) -> None:
    """Session files that parllama 0.9.2 still reads: the configuration as text, or only a name."""
    text = json.dumps({"provider": "OpenAI", "model_name": "gpt-4o"})
    assert one(read(parllama(llm_config=text))).model == ""
    entry = parllama(llm_model_name="phi3", session_name="Old")
    del entry["llm_config"], entry["name"]
    old = one(read(entry))
    assert (old.title, old.model) == ("Old", "phi3")


def test_a_folder_of_files_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(parllama()))
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "c.json").write_text(json.dumps(parllama(name="Third")))
    (tmp_path / "d.txt").write_text("no chat")
    (tmp_path / "c.json.bak").write_text(json.dumps(parllama(name="Before")))
    found = imported(tmp_path)
    assert [session.title for session in found.sessions] == ["On why", "Third"]
    assert len(found.skipped) == 1
    assert "b.json cannot be read" in found.skipped[0]


# --- times ---


@pytest.mark.parametrize(
    "value",
    [
        *(1760000000, 1760000000.0, 1760000000000, 1760000000 * 10**9),
        *("2025-10-09T08:53:20Z", "2025-10-09 08:53:20.000000", "2025-10-09T10:53:20+02:00"),
    ],
)
def test_times_are_understood_as_programs_write_them(value: object) -> None:
    assert moment(value) == datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "", 0, -1, "soon", [], 1e300, 10**400, float("inf")])
def test_what_is_no_time_is_none(value: object) -> None:
    assert moment(value) is None


# --- none of these ---


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"   ", b"\x00\xff", b"[", b"{", b"null", b"17", b'"x"', b"[[]]"),
        *(b"PK\x03\x04 no archive", b"SQLite format 3\x00 no database"),
        *(b"not json\nat all\n", b'{"messages": []}'),
    ],
)
def test_a_file_of_another_kind_is_told(read: Read, data: bytes) -> None:
    found = read(data)
    assert found.sessions == []
    assert len(found.skipped) == 1


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", json.dumps([chatgpt()]))
    data = path.read_bytes()
    flags = data.index(b"PK\x01\x02") + 8
    for damaged in (
        data[:6] + b"\1" + data[7:flags] + b"\1" + data[flags + 1 :],  # has a password
        data[:60] + b"\xff" * 20 + data[80:],
    ):
        path.write_bytes(damaged)
        [why] = imported(path).skipped
        assert "export.zip cannot be read" in why


@pytest.mark.parametrize("data", [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000])
def test_what_nests_without_end_is_told(read: Read, data: bytes) -> None:
    assert len(read(data).skipped) == 1


def test_an_empty_list_brings_nothing(read: Read) -> None:
    assert read(b"[]") == Imported()


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        imported(tmp_path / "nothing.json")
