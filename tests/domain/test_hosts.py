"""`OLLAMA_HOST` by the exact rules of Ollama, and what is made of it."""

import msgspec
import pytest

from tui.domain.host_settings import HostSetting
from tui.domain.hosts import HostAddress


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("box", "http://box:11434"),
        ("box:1234", "http://box:1234"),
        ("1.2.3.4", "http://1.2.3.4:11434"),
        (":1234", "http://127.0.0.1:1234"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:11434"),
        ("[::]:8080", "http://[::1]:8080"),
        ("::1", "http://[::1]:11434"),
        ("[::1]", "http://[::1]:11434"),
        ("[::1]:1337", "http://[::1]:1337"),
        ("http://", "http://127.0.0.1:80"),
        ("http://box", "http://box:80"),
        ("http://box:11434", "http://box:11434"),
        ("https://box", "https://box:443"),
        ("https://box:8443", "https://box:8443"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]:443"),
        ("ollama.com", "https://ollama.com:443"),
        ("ollama.com:80", "http://ollama.com:80"),
        ("http://ollama.com", "http://ollama.com:80"),
        ("box/ollama", "http://box:11434/ollama"),
        ("box/ollama/", "http://box:11434/ollama"),
        ("https://box/a/b/", "https://box:443/a/b"),
        ("https://box/", "https://box:443"),
        (" box ", "http://box:11434"),
        ('"box:1"', "http://box:1"),
        ("' box:1 '", "http://box:1"),
        ("box:port", "http://box:11434"),
        ("box:", "http://box:11434"),
        ("box:65536", "http://box:11434"),
        ("box:-1", "http://box:11434"),
        ("http://box:65536", "http://box:80"),
        ("https://box:x", "https://box:443"),
        ("box:0", "http://box:0"),
    ],
)
def test_an_address_is_read_as_ollama_reads_it(text: str, url: str) -> None:
    assert HostAddress.parse(text).url == url


def test_a_bind_address_is_kept_though_a_client_asks_loopback() -> None:
    assert HostAddress.parse("0.0.0.0").host == "0.0.0.0"
    assert HostAddress.parse(":1234").host == ""


@pytest.mark.parametrize("text", ["unix:/run/ollama.sock", "unix:///run/ollama.sock"])
def test_a_socket_takes_the_place_of_host_and_port(text: str) -> None:
    address = HostAddress.parse(text)
    assert address.socket == "/run/ollama.sock"
    assert address.shown == "unix:/run/ollama.sock"
    assert address.is_local


def test_credentials_are_taken_off_and_never_shown() -> None:
    address = HostAddress.parse("https://me:p%40ss@box/ollama")
    assert address.userinfo == "me:p@ss"
    assert address.url == address.shown == "https://box:443/ollama"


@pytest.mark.parametrize("text", ["ftp://box", "ws://box", "://box"])
def test_another_scheme_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        HostAddress.parse(text)


@pytest.mark.parametrize("text", ["http://box", "http://[fe80::80]", "http://box/path"])
def test_http_without_a_port_is_a_trap_worth_a_hint(text: str) -> None:
    assert "11434" in HostAddress.parse(text).hint


@pytest.mark.parametrize("text", ["box", "http://box:80", "http://box:11434", "https://box", ""])
def test_what_is_plainly_meant_has_no_hint(text: str) -> None:
    assert HostAddress.parse(text).hint == ""


def test_a_port_that_is_none_is_told() -> None:
    assert HostAddress.parse("box:port").hint == "port is not a port; 11434 is used."


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("", True),
        ("localhost", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("0.0.0.0", True),
        (":1", True),
        ("192.168.1.2", False),
        ("box", False),
    ],
)
def test_what_is_on_this_machine_is_known_by_its_address(text: str, local: bool) -> None:
    assert HostAddress.parse(text).is_local is local


@pytest.mark.parametrize(
    ("text", "shown", "words", "target"),
    [
        ("ssh://lab", "ssh://lab", ["lab"], "127.0.0.1:11434"),
        ("ssh://lab/", "ssh://lab", ["lab"], "127.0.0.1:11434"),
        ("ssh://me@lab:2222", "ssh://me@lab:2222", ["-p", "2222", "me@lab"], "127.0.0.1:11434"),
        ("ssh://me@[::1]:22", "ssh://me@[::1]:22", ["-p", "22", "me@::1"], "127.0.0.1:11434"),
        ("ssh://lab/11500", "ssh://lab/:11500", ["lab"], "127.0.0.1:11500"),
        ("ssh://lab/:11500", "ssh://lab/:11500", ["lab"], "127.0.0.1:11500"),
        ("ssh://lab/gpu", "ssh://lab/gpu:11434", ["lab"], "gpu:11434"),
        ("ssh://lab/[::1]:9", "ssh://lab/[::1]:9", ["lab"], "[::1]:9"),
        ("ssh://lab/unix:/run/o", "ssh://lab/unix:/run/o", ["lab"], "/run/o"),
        ("ssh://lab/gpu:80/base", "ssh://lab/gpu:80/base", ["lab"], "gpu:80"),
    ],
)
def test_a_box_behind_ssh_is_written_with_where_ollama_is_there(
    text: str, shown: str, words: list[str], target: str
) -> None:
    address = HostAddress.parse(text)
    assert address.box is not None
    assert (address.shown, address.box.words, address.box.target) == (shown, words, target)
    assert not address.is_local
    assert HostAddress.parse(address.shown) == address
    assert address.url == shown  # which nobody can ask without a tunnel
    here = msgspec.structs.replace(address, socket="/run/ot/ollama")
    assert (here.url, here.shown) == ("http://localhost" + address.path, shown)


@pytest.mark.parametrize(
    "text",
    [
        "ssh://", "ssh:///11434", "ssh://-oProxyCommand=x", "ssh://-l@box", "ssh://a b", "ssh://$(x)",
        "ssh://me:secret@box", "ssh://box:0", "ssh://box:65536", "ssh://box:ssh",
        "ssh://box/https://x", "ssh://box/ssh://x", "ssh://box/me:secret@gpu",
    ],
)  # fmt: skip
def test_what_is_no_machine_for_ssh_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ssh") as caught:
        HostAddress.parse(text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "path", "kind"),
    [
        ("http://head:8000/v1", "/v1", "openai"),
        ("http://head:8000/v1/", "/v1", "openai"),
        ("https://ai.example/litellm/v1", "/litellm/v1", "openai"),
        ("ssh://me@head/:8000/v1", "/v1", "openai"),
        ("http://head:8000", "", "ollama"),
        ("https://ai.example/v12", "/v12", "ollama"),
    ],
)
def test_an_address_that_ends_in_v1_says_what_its_server_speaks(
    text: str, path: str, kind: str
) -> None:
    address = HostAddress.parse(text)
    assert address.path == path
    assert HostSetting().speaks(address) == kind
    assert HostSetting(kind="openai").speaks(address) == "openai"


def test_a_server_behind_a_box_keeps_its_port_and_its_path() -> None:
    address = HostAddress.parse("ssh://me@head/:8000/v1")
    assert address.box is not None
    assert address.box.target == "127.0.0.1:8000"
    assert address.shown == "ssh://me@head/:8000/v1"


def test_port_80_is_told_in_words_for_the_server_that_is_meant() -> None:
    assert "vLLM's own port is 8000" in HostAddress.parse("http://head/v1").hint
