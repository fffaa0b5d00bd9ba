"""Settings: what is wrong is named and costs only itself; comments are kept."""

from functools import partial
from pathlib import Path

import pytest

from tui.domain.host_settings import HostSetting
from tui.domain.places import Places
from tui.store.host_tables import begin_with, order_hosts, put_host, remove_host
from tui.store.settings import Settings, SettingsStore


def add_host(store: SettingsStore, name: str, url: str) -> None:
    store.change(partial(put_host, name=name, setting=HostSetting(url=url)))


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    store = SettingsStore(Places.below(tmp_path))
    store.path.parent.mkdir()
    return store


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    store = SettingsStore(Places.below(tmp_path / "nowhere"))
    assert store.load() == (Settings(), [])
    assert not store.path.exists()


def test_settings_are_read(store: SettingsStore) -> None:
    store.path.write_text(
        'theme = "paper"\npulls_at_once = 4\n[hosts.gpu]\nurl = "https://gpu:8443"\n'
    )
    settings, complaints = store.load()
    assert complaints == []
    assert (settings.theme, settings.pulls_at_once) == ("paper", 4)
    assert settings.hosts["gpu"].url == "https://gpu:8443"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('them = "paper"', "Did you mean theme?"),
        ("zzz = 1", "no setting zzz"),
        ("theme = 5", "theme is not used: Expected `str`"),
        ("pulls_at_once = 0", "must be 1 or more"),
        ('pulls_at_once = "2"', "pulls_at_once is not used"),
        ("bandwidth = 50", "auto, low, full, or 100 bytes a second"),
        ('bandwidth = "fast"', "bandwidth is not used"),
        ("hosts = 3", "hosts is not used"),
        ("[hosts.bad]\nurll = 1", "hosts.bad is not used"),
        ('[hosts.bad]\nurl = "ftp://x"', "hosts.bad is not used: ftp://"),
        ('theme = "paper', "cannot be read"),
        ("theme = \x00", "cannot be read"),
        ('theme = "a"\ntheme = "b"', "cannot be read"),
    ],
)
def test_what_is_wrong_is_named_and_the_file_stays(
    store: SettingsStore, text: str, said: str
) -> None:
    store.path.write_text(text)
    settings, complaints = store.load()
    assert len(complaints) == 1
    assert said in complaints[0]
    assert str(store.path) in complaints[0]
    assert settings == Settings()
    assert store.path.read_text() == text


def test_text_that_is_not_utf8_is_named(store: SettingsStore) -> None:
    store.path.write_bytes(b'theme = "\xff"')
    settings, complaints = store.load()
    assert settings == Settings()
    assert "cannot be read" in complaints[0]


def test_a_wrong_setting_costs_only_itself(store: SettingsStore) -> None:
    store.path.write_text(
        'theme = "paper"\npulls_at_once = -1\nhots = 1\n'
        '[hosts.good]\nurl = "gpu:11434"\n[hosts.bad]\n'
    )
    settings, complaints = store.load()
    assert settings.theme == "paper"
    assert settings.pulls_at_once == 2
    assert [*settings.hosts] == ["good"]
    assert len(complaints) == 3


def test_a_host_is_added_and_comments_are_kept(store: SettingsStore) -> None:
    text = '# mine\ntheme = "paper"  # I like it\n\n[hosts.one]  # first\nurl = "one"\n'
    store.path.write_text(text)
    add_host(store, "a.b-2", "https://a.b:1")
    assert store.path.read_text().startswith(text)
    settings, complaints = store.load()
    assert complaints == []
    assert {name: host.url for name, host in settings.hosts.items()} == {
        "one": "one",
        "a.b-2": "https://a.b:1",
    }
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_a_host_is_added_where_there_is_no_file(tmp_path: Path) -> None:
    store = SettingsStore(Places.below(tmp_path / "new"))
    add_host(store, "gpu", "gpu")
    assert [*store.load()[0].hosts] == ["gpu"]


@pytest.mark.parametrize("text", ['theme = "', "hosts = 3", "\xff"])
def test_nothing_is_added_to_a_file_with_errors(store: SettingsStore, text: str) -> None:
    store.path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match="nothing was changed"):
        add_host(store, "gpu", "gpu")
    assert store.path.read_bytes() == text.encode("latin-1")


def test_a_linked_file_stays_a_link(store: SettingsStore, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text('theme = "paper"\n')
    store.path.symlink_to(real)
    add_host(store, "gpu", "gpu")
    assert store.path.is_symlink()
    assert "[hosts.gpu]" in real.read_text()


def test_a_host_is_changed_and_what_else_its_table_says_stays(store: SettingsStore) -> None:
    store.path.write_text(
        'theme = "paper"\n\n[hosts.gpu]  # mine\nurl = "gpu" # the box\nverify = false\nnew = 1\n'
        "\n[hosts.lab]\nurl = 'lab'\n"
    )
    setting = HostSetting(url="gpu", headers={"X-Team": "red"}, connect_timeout=2.5)
    store.change(partial(put_host, name="gpu", setting=setting))
    text = store.path.read_text()
    assert "[hosts.gpu]  # mine" in text
    assert 'url = "gpu" # the box' in text
    assert "verify" not in text
    assert "new = 1" in text
    settings, complaints = store.load()
    assert settings.hosts["gpu"] == setting
    assert [*settings.hosts] == ["gpu", "lab"]
    assert complaints == [f"{store.path}: there is no setting hosts.gpu.new."]


def test_hosts_are_put_in_order_taken_as_default_and_removed(store: SettingsStore) -> None:
    store.path.write_text("# mine\n[hosts.gpu]\nurl = 'gpu'\n[hosts.lab]\nurl = 'lab'\n")
    store.change(partial(order_hosts, names=["lab", "local", "gpu"]))
    store.change(partial(begin_with, name="lab"))
    settings, complaints = store.load()
    assert (settings.host_order, settings.host, complaints) == (["lab", "local", "gpu"], "lab", [])
    store.change(partial(remove_host, name="lab"))
    settings, complaints = store.load()
    assert (settings.host_order, settings.host, complaints) == (["local", "gpu"], "", [])
    assert [*settings.hosts] == ["gpu"]
    assert "# mine" in store.path.read_text()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('key = "sk-very-secret"', "a key belongs into secrets.toml"),
        ('headers = { "a b" = "x" }', "has no spaces"),
        ('user = "me:you"', "has no colon"),
        ('proxy = "box"', "a proxy is"),
        ("connect_timeout = 0", "connect_timeout"),
        ('vram = "much"', "hosts.gpu is not used"),
        ('kind = "magic"', "hosts.gpu is not used"),
    ],
)
def test_a_host_with_a_wrong_setting_is_not_used_and_no_value_is_repeated(
    store: SettingsStore, line: str, said: str
) -> None:
    store.path.write_text(f'[hosts.gpu]\nurl = "gpu"\n{line}\n')
    settings, complaints = store.load()
    assert not settings.hosts
    assert len(complaints) == 1
    assert said in complaints[0]
    assert "sk-very-secret" not in complaints[0]


def test_a_misspelt_setting_of_a_host_is_named(store: SettingsStore) -> None:
    store.path.write_text('[hosts.gpu]\nurl = "gpu"\nverfy = false\n')
    settings, complaints = store.load()
    assert settings.hosts["gpu"].verify
    assert complaints == [
        f"{store.path}: there is no setting hosts.gpu.verfy. Did you mean verify?"
    ]
