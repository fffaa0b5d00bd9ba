"""Who asks, and by which way: credentials reach their server, and nothing and nobody else."""

import base64
import os
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

from fake_ollama import FakeOllama
from http_server import HttpServer, Reply, Request
from tls_server import LOCALHOST, encrypted
from tui.api.access import Access
from tui.api.client import Ollama
from tui.api.errors import KeyMissing, NotOllama, OllamaError, TLSFailed, Unauthorized
from tui.domain.host_settings import HostSecrets, HostSetting
from tui.domain.hosts import HostAddress

SECRET = "sk-very/secret+1"
LOCKED = """\
-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-256-CBC,EB3EFE5029230D4CDFB8696DE0EC1265

3xJtucwKjDD6PDOTcdcO3hWIgrTZ7n+rzgcjyeexdFKZR71t3iJLwBw4cp9jD2Fd
PEcsXgAh6ZETq1/SeAT5cWicGDEzfzMLejz5bQgnYkKWD4vcT8K6G5q32b/yMhZv
1mzz4wcU2erW/J2EF1Zwz8o6reVflUp8WXDgT5YFlEY=
-----END EC PRIVATE KEY-----
"""
"""The key of localhost.pem, with a password."""


class Guarded(HttpServer):
    """Wants to hear one thing, repeats what it was told instead, and remembers all of it."""

    def __init__(self, wanted: str = "Bearer never") -> None:
        super().__init__()
        self.wanted = wanted
        self.told: list[dict[str, str]] = []
        self.targets: list[str] = []

    async def answer(self, request: Request, reply: Reply) -> None:
        self.told.append(dict(request.headers))
        self.targets.append(request.target)
        said = request.headers.get("authorization", "")
        if said == self.wanted:
            await reply.json({"version": "0.32.15"})
        else:
            await reply.json({"error": f"no entry with {request.headers}"}, "401 Unauthorized")


class Elsewhere(Guarded):
    """Sends everybody on to another server."""

    target = ""

    async def answer(self, request: Request, reply: Reply) -> None:
        self.told.append(dict(request.headers))
        where = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {self.target}{request.path}\r\n"
        await reply.write(f"{where}Content-Length: 0\r\n\r\n".encode())


async def version(url: str, setting: HostSetting, secrets: HostSecrets | None = None) -> str:
    async with Ollama(HostAddress.parse(url), Access(setting, secrets)) as ollama:
        return await ollama.version()


async def told(url: str, setting: HostSetting, secrets: HostSecrets | None = None) -> str:
    """What an Authorization header says."""
    access = Access(setting, secrets)
    return (await access.headers(HostAddress.parse(url))).get("Authorization", "")


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


# --- where keys come from ---


async def test_keys_come_from_variables_files_commands_and_the_file_of_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GPU_KEY", f" {SECRET}\n")
    file = tmp_path / "key"
    file.write_text(f"{SECRET}\nuser: me\n")
    for key in ("env:GPU_KEY", f"file:{file}", f"command:echo '{SECRET}'; echo more"):
        assert await told("box", HostSetting(key=key)) == f"Bearer {SECRET}"
        assert await told("box", HostSetting(key=key, user="me")) == basic(f"me:{SECRET}")
    assert await told("box", HostSetting(), HostSecrets(key=SECRET)) == f"Bearer {SECRET}"
    assert await told("http://me:pw@box", HostSetting()) == basic("me:pw")
    assert await told("box", HostSetting()) == ""


async def test_headers_may_be_kept_elsewhere_too(
    fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GPU_KEY", SECRET)
    setting = HostSetting(headers={"X-Team": "red", "X-Key": "env:GPU_KEY"})
    secrets = HostSecrets(headers={"Authorization": "Token mine"}, key="other")
    await version(fake.url, setting, secrets)
    sent = fake.headers[-1]
    assert (sent["x-team"], sent["x-key"]) == ("red", SECRET)
    assert sent["authorization"] == "Token mine"  # what is written by hand goes before the rest


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("env:NOT_THERE_AT_ALL", "NOT_THERE_AT_ALL, which has a key of this host, is not set"),
        ("file:/nowhere/key", "/nowhere/key, which has a key of this host, cannot be read"),
        (f"file:{os.devnull}", "is empty"),
        (f"command:false {SECRET}", "The command false, which should print a key"),
        (f"command:echo the store is locked >&2; exit 3 {SECRET}", "the store is locked"),
        (f"command:true {SECRET}", "it printed nothing"),
        (f"command:printf '{SECRET}\\001'", "characters that no header can carry"),
    ],
)
async def test_a_key_that_is_not_to_be_had_is_told_and_nothing_is_asked(
    fake: FakeOllama, key: str, said: str
) -> None:
    with pytest.raises(KeyMissing) as raised:
        await version(fake.url, HostSetting(key=key))
    assert said in str(raised.value)
    assert SECRET not in str(raised.value)
    assert fake.asked == []


async def test_a_command_is_asked_once_and_again_when_its_key_is_refused(tmp_path: Path) -> None:
    calls, key = tmp_path / "calls", tmp_path / "key"
    key.write_text("first")
    setting = HostSetting(key=f"command:echo >> {calls}; cat {key}")
    async with (
        Guarded("Bearer first") as server,
        Ollama(HostAddress.parse(server.url), Access(setting)) as ollama,
    ):
        assert await ollama.version() == await ollama.version() == "0.32.15"
        assert calls.read_text().count("\n") == 1
        key.write_text("second")
        server.wanted = "Bearer second"
        assert await ollama.version() == "0.32.15"
        assert calls.read_text().count("\n") == 2
        server.wanted = "Bearer third"
        asked = len(server.told)
        with pytest.raises(Unauthorized):
            await ollama.version()
        assert len(server.told) == asked + 1  # the same key is not tried twice


# --- who hears them ---


async def test_the_key_of_ollama_com_goes_there_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", SECRET)
    for url in ("ollama.com", "https://ollama.com"):
        assert await told(url, HostSetting()) == f"Bearer {SECRET}"
    for url in ("box", "http://ollama.com", "https://ollama.com.evil.example", "https://x.com"):
        assert await told(url, HostSetting()) == ""
    assert await told("box", HostSetting(key="env:OLLAMA_API_KEY")) == f"Bearer {SECRET}"
    assert await told("ollama.com", HostSetting(), HostSecrets(key="own")) == "Bearer own"


async def test_a_server_that_sends_us_to_another_gets_nobody_there_told() -> None:
    """Neither credentials nor the question follow a redirection."""
    async with Guarded() as other, Elsewhere() as server:
        server.target = f"http://127.0.0.1:{other.port}/{SECRET}"
        setting = HostSetting(headers={"X-Key": "two"})
        with pytest.raises(NotOllama, match="sends us on to") as raised:
            await version(server.url, setting, HostSecrets(key=SECRET))
        assert server.told[0]["authorization"] == f"Bearer {SECRET}"
        assert (other.accepted, other.told) == (0, [])
        assert SECRET not in str(raised.value)


@pytest.mark.parametrize("user", ["", "me"])
async def test_what_a_server_repeats_of_secrets_is_masked(user: str) -> None:
    setting = HostSetting(user=user, headers={"X-Api-Key": "plain-but-secret"})
    secrets = HostSecrets(key=SECRET, headers={"X-More": "more-secret"})
    async with Guarded() as server:
        with pytest.raises(Unauthorized) as raised:
            await version(server.url, setting, secrets)
    text = str(raised.value) + repr(raised.value)
    assert "***" in text
    for secret in (SECRET, "plain-but-secret", "more-secret", basic(f"me:{SECRET}")[6:]):
        assert secret not in text
    assert raised.value.__cause__ is None


async def test_errors_inside_good_answers_are_masked_too(fake: FakeOllama) -> None:
    fake.errors["/api/version"] = (200, f"who is {SECRET}?")
    with pytest.raises(OllamaError, match=r"who is \*\*\*\?"):
        await version(fake.url, HostSetting(), HostSecrets(key=SECRET))


# --- encryption ---


async def test_a_certificate_authority_of_ones_own_is_trusted() -> None:
    async with encrypted() as port:
        url = f"https://localhost:{port}"
        with pytest.raises(TLSFailed, match="ca_file"):
            await version(url, HostSetting())
        assert await version(url, HostSetting(ca_file=str(LOCALHOST))) == "0.32.15"
        assert await version(url, HostSetting(verify=False)) == "0.32.15"


async def test_a_client_certificate_is_shown() -> None:
    async with encrypted(clients=LOCALHOST) as port:
        url, setting = f"https://localhost:{port}", HostSetting(ca_file=str(LOCALHOST))
        with pytest.raises(OllamaError):
            await version(url, setting)
        setting = HostSetting(ca_file=str(LOCALHOST), client_cert=str(LOCALHOST))
        assert await version(url, setting) == "0.32.15"


@pytest.mark.parametrize("field", ["ca_file", "client_cert"])
async def test_a_file_of_certificates_that_cannot_be_used_is_named(
    field: str, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    for path in (str(wrong), "/nowhere/ca.pem"):
        setting = msgspec.structs.replace(HostSetting(), **{field: path})
        with pytest.raises(TLSFailed, match=f"{field} of this host cannot be used: {path}"):
            await version("https://localhost:1", setting)


async def test_a_locked_client_key_does_not_ask_for_its_password(tmp_path: Path) -> None:
    locked = tmp_path / "locked.pem"
    locked.write_text(LOCKED)
    setting = HostSetting(client_cert=str(LOCALHOST), client_key=str(locked))
    with pytest.raises(TLSFailed, match="client_cert of this host cannot be used"):
        await version("https://localhost:1", setting)


# --- the way ---


async def test_a_host_has_a_proxy_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with Guarded("Bearer key") as proxy:
        where = f"http://me:{quote(SECRET, safe='')}@127.0.0.1:{proxy.port}"
        secrets = HostSecrets(key="key", proxy=where)
        assert await version("http://far.invalid:1", HostSetting(), secrets) == "0.32.15"
        assert proxy.targets == ["http://far.invalid:1/api/version"]
        assert proxy.told[0]["proxy-authorization"] == basic(f"me:{SECRET}")
        proxy.wanted = ""
        with pytest.raises(OllamaError, match="through the proxy 127") as raised:
            await version("http://far.invalid:1", HostSetting(), secrets)
        assert SECRET not in str(raised.value)


async def test_a_proxy_with_a_wrong_address_is_named_without_its_password() -> None:
    secrets = HostSecrets(proxy=f"http://me:{SECRET}@127.0.0.1:1")  # a slash has to be %2F
    with pytest.raises(OllamaError, match="its proxy is not an address") as raised:
        await version("http://far.invalid:1", HostSetting(), secrets)
    assert "sk-very" not in str(raised.value)


async def test_a_host_may_go_past_the_proxies_of_the_environment(
    fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Guarded() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{proxy.port}")
        monkeypatch.setattr(HostAddress, "is_local", False)
        with pytest.raises(Unauthorized):
            await version(fake.url, HostSetting())
        assert await version(fake.url, HostSetting(proxy="none")) == fake.version


async def test_a_host_may_be_given_less_time_to_take_the_call() -> None:
    ollama = Ollama(HostAddress(), Access(HostSetting(connect_timeout=0.25)))
    assert ollama._connect_timeout == 0.25
    assert Ollama(HostAddress())._connect_timeout == 5.0


def test_nothing_of_an_access_is_shown_by_accident() -> None:
    access = Access(HostSetting(), HostSecrets(key=SECRET))
    assert SECRET not in repr(access) + str(vars(access))
