from tui.domain.host_settings import HostSecrets, HostSetting, Source, apart


def test_a_key_may_be_kept_elsewhere() -> None:
    assert Source.of("env:GPU_KEY") == ("env", "GPU_KEY")
    assert Source.of("file: ~/.gpu key") == ("file", "~/.gpu key")
    assert Source.of("command:pass show a:b") == ("command", "pass show a:b")
    assert [Source.of(each) for each in ("", "sk-1", "env:", "http://x", "Env:x")] == [None] * 5


def test_passwords_are_taken_out_of_addresses() -> None:
    setting, secrets = apart(
        HostSetting(url="https://me:p%40ss@box/ollama", key="env:X", proxy="http://u:p@proxy:1"),
        HostSecrets(headers={"A": "b"}),
    )
    assert (setting.url, setting.user, setting.key) == ("https://box/ollama", "me", "")
    assert setting.proxy == ""
    assert secrets == HostSecrets(key="p@ss", headers={"A": "b"}, proxy="http://u:p@proxy:1")
    assert apart(HostSetting(url="me:pw@box:1"), HostSecrets())[0].url == "box:1"


def test_what_has_no_password_stays_as_it_is() -> None:
    for url in ("box", "https://box/a@b", "unix:/run/a@b.sock", "[::1]:11434"):
        setting = HostSetting(url=url, proxy="http://proxy:1")
        assert apart(setting, HostSecrets()) == (setting, HostSecrets())
