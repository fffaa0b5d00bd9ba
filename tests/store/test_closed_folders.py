"""Folders that may not be entered cost what is in them, and never the start of the program."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.domain.places import Places
from tui.store.index import Index
from tui.store.secrets import SecretStore
from tui.store.sessions import Found, SessionStore
from tui.store.settings import Settings, SettingsStore
from tui.store.writer import Writer

NOBODY = 65534


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Places]:
    """A home with something in each folder, none of which may be entered."""
    places = Places.below(tmp_path)
    folders = [places.config, places.sessions, places.index.parent]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "there").write_bytes(b"")
        folder.chmod(0)
    me = os.geteuid()
    if not me:
        tmp_path.chmod(0o700)
        os.seteuid(NOBODY)  # whom a folder keeps out, as it does not keep out root
    yield places
    os.seteuid(me)
    for folder in folders:
        folder.chmod(0o700)


def test_settings_that_cannot_be_reached_are_named(closed: Places) -> None:
    settings, (complaint,) = SettingsStore(closed).load()
    assert settings == Settings()
    assert str(closed.config / "config.toml") in complaint
    assert "Permission denied" in complaint


def test_secrets_that_cannot_be_reached_are_named(closed: Places) -> None:
    secrets, (complaint,) = SecretStore(closed).load()
    assert secrets == {}
    assert str(closed.config / "secrets.toml") in complaint
    assert "Permission denied" in complaint


def test_sessions_and_caches_that_cannot_be_reached_are_none(closed: Places) -> None:
    store = SessionStore(closed, Writer())
    assert (store.recover(), store.scan(), store.stamps()) == (Found(), Found(), {})
    assert Index(closed).taken() == {}
