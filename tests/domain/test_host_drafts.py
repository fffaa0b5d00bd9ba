import pytest

from tui.domain.host_drafts import MASK, HostDraft
from tui.domain.host_settings import HostSecrets, HostSetting

BOX = HostDraft("box", HostSetting(url="box"))


def test_every_setting_is_changed_and_told() -> None:
    draft = BOX
    for field, text, told in [
        ("name", "gpu", "gpu"),
        ("url", "https://box/ollama", "https://box/ollama"),
        ("user", "me", "me"),
        ("ca_file", "~/ca.pem", "~/ca.pem"),
        ("verify", "no", "no"),
        ("connect_timeout", "2.5 s", "2.5 s"),
        ("proxy", "none", "none"),
        ("vram", "24 GB", "24 GB"),
    ]:
        draft = draft.changed(field, text)
        assert draft.told(field) == told
    assert draft.setting == HostSetting(
        url="https://box/ollama", user="me", ca_file="~/ca.pem", verify=False,
        connect_timeout=2.5, proxy="none", vram="24 GB",
    )  # fmt: skip
    for field in ("user", "ca_file", "verify", "connect_timeout", "proxy", "vram"):
        draft = draft.without(field)
        assert draft.told(field) == ""


def test_secrets_are_masked_and_kept_apart() -> None:
    draft = BOX.changed("key", "sk-1").with_header("X-Key", "two").with_header("X-Var", "env:V")
    draft = draft.changed("proxy", "http://me:three@proxy:3128")
    assert (draft.told("key"), draft.told("headers")) == (MASK, "X-Var, X-Key")
    assert draft.told("proxy") == f"http://{MASK}@proxy:3128"
    assert draft.setting == HostSetting(url="box", headers={"X-Var": "env:V"})
    assert draft.secrets == HostSecrets(
        key="sk-1", headers={"X-Key": "two"}, proxy="http://me:three@proxy:3128"
    )
    assert draft.with_header("X-Key", "").secrets.headers == {}
    for field in ("key", "headers", "proxy"):
        draft = draft.without(field)
    assert draft == BOX


def test_a_key_is_in_one_place_at_a_time() -> None:
    draft = BOX.changed("key", "sk-1").changed("key", "command:pass show gpu")
    assert draft.told("key") == "command pass"
    assert draft.secrets.key == ""
    assert draft.changed("key", "file:~/key").told("key") == "file ~/key"
    assert draft.changed("key", "env:KEY").told("key") == "variable KEY"
    assert draft.changed("key", "sk-2").setting.key == ""


def test_a_password_in_an_address_becomes_the_key() -> None:
    draft = BOX.changed("url", "https://me:pw@box")
    assert [draft.told(field) for field in ("url", "user", "key")] == ["https://box", "me", MASK]
    assert draft.secrets.key == "pw"
    assert BOX.changed("url", "ssh://me@box").setting == HostSetting(url="ssh://me@box")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("url", "ftp://x"),
        ("user", "a:b"),
        ("connect_timeout", "soon"),
        ("connect_timeout", "0"),
        ("proxy", "http://me:sk-1/x@proxy"),
        ("vram", "much"),
    ],
)
def test_what_cannot_be_is_refused_without_repeating_a_secret(field: str, text: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        BOX.changed(field, text)
    assert "sk-1" not in str(raised.value)


def test_what_a_server_speaks_is_told_where_it_is_not_ollama() -> None:
    draft = HostDraft("gpu").changed("url", "http://gpu:8000")
    assert (draft.told("kind"), draft.speaks) == ("", "ollama")
    draft = draft.changed("kind", "openai")
    assert (draft.told("kind"), draft.speaks) == ("OpenAI API", "openai")
    assert draft.setting == HostSetting(url="http://gpu:8000", kind="openai")
    assert draft.without("kind").speaks == "ollama"
    assert HostDraft("gpu").changed("url", "http://gpu:8000/v1").speaks == "openai"
