"""Conversations as files of the user's own, which never take the place of another."""

from itertools import count
from pathlib import Path

from tui.domain.exports import Form, json_lines, markdown, plain_text
from tui.domain.session import Session
from tui.store.session_file import encode


def content_of(session: Session, form: Form) -> bytes:
    """A conversation in this form."""
    if form == "json":
        return encode(session)
    text = {"md": markdown, "jsonl": json_lines, "txt": plain_text}[form](session)
    return text.encode(errors="replace")


def write_new(wanted: Path, content: bytes) -> Path:
    """Write a file that was not there; where the name is taken, under the next that is free.

    Raises OSError.
    """
    path = wanted
    for number in count(2):
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            path = wanted.with_stem(f"{wanted.stem}-{number}")
        else:
            break
    return path
