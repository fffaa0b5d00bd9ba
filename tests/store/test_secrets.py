"""Secrets: for nobody but their owner, and never repeated in a complaint."""

from pathlib import Path

import pytest

from tui.domain.host_settings import HostSecrets
from tui.domain.places import Places
from tui.store.secrets import SecretStore


@pytest.fixture
def store(tmp_path: Path) -> SecretStore:
    return SecretStore(Places.below(tmp_path))


def write(store: SecretStore, text: str) -> None:
    store.path.parent.mkdir(exist_ok=True)
    store.path.write_text(text)
    store.path.chmod(0o600)


def test_without_a_file_there_are_none_and_none_is_made(store: SecretStore) -> None:
    assert store.load() == ({}, [])
    store.keep("gpu", HostSecrets())
    assert not store.path.exists()


def test_secrets_are_kept_where_only_their_owner_reads_them(store: SecretStore) -> None:
    secrets = HostSecrets(key="sk-1", headers={"X-Key": "two"}, proxy="http://me:pw@proxy:3128")
    store.keep("gpu.box", secrets)
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert store.load() == ({"gpu.box": secrets}, [])
    assert "sk-1" not in repr(secrets)


def test_secrets_change_and_go_and_comments_stay(store: SecretStore) -> None:
    write(store, "# mine\n[hosts.gpu]\nkey = 'old'\n[hosts.lab]\nkey = 'other'\n")
    store.keep("gpu", HostSecrets(key="new"))
    assert store.load()[0]["gpu"].key == "new"
    store.keep("gpu", HostSecrets())
    assert store.load() == ({"lab": HostSecrets(key="other")}, [])
    assert store.path.read_text().startswith("# mine\n")
    assert "new" not in store.path.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "key = 'sk-1",
        "[hosts.gpu]\nkey = 1\nheaders = 'sk-1'",
        "[hosts]\ngpu = 'sk-1'",
        "[hosts.gpu]\nproxy = 'sk-1'",
    ],
)
def test_what_cannot_be_used_is_said_without_what_it_says(store: SecretStore, text: str) -> None:
    write(store, text)
    found, complaints = store.load()
    assert found == {}
    assert len(complaints) == 1
    assert "sk-1" not in complaints[0]
    assert store.path.read_text() == text


def test_nothing_is_changed_in_a_file_with_errors(store: SecretStore) -> None:
    write(store, "key = 'sk-1")
    with pytest.raises(ValueError, match="nothing was changed") as raised:
        store.keep("gpu", HostSecrets(key="sk-2"))
    assert "sk-" not in str(raised.value)
    assert store.path.read_text() == "key = 'sk-1"


def test_a_file_that_others_can_read_is_named(store: SecretStore) -> None:
    write(store, "[hosts.gpu]\nkey = 'sk-1'\n")
    store.path.chmod(0o644)
    found, complaints = store.load()
    assert found["gpu"].key == "sk-1"
    assert "chmod 600" in complaints[0]
