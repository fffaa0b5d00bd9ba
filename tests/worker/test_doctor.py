"""The connection doctor: every trouble has its finding, and a command that mends it."""

import asyncio
import os
import socket
import sys
import threading
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from http_server import HttpServer, Reply, Request
from program import Program
from tls_server import EXPIRED, LOCALHOST, encrypted
from tui.api import checkup
from tui.api.access import Access
from tui.domain.checkup import Finding
from tui.domain.host_settings import HostSecrets, HostSetting
from tui.domain.hosts import HostAddress
from tui.domain.places import Places
from tui.domain.status import EMBEDDED
from tui.worker import machine_checkup, mending
from tui.worker.handshakes import judged
from tui.worker.host_checkup import HostCheckup

NEAR = mending._near
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies; and a server of the developer's own on 11434 is not what is looked for."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(mending, "_near", lambda _address: iter(()))


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> list[HostAddress]:
    """The addresses that are tried instead of a wrong one."""
    others: list[HostAddress] = []
    monkeypatch.setattr(mending, "_near", lambda _address: iter(others))
    return others


async def examined(
    url: str, patience: float = 3.0, access: Access | None = None
) -> dict[str, Finding]:
    looks = HostCheckup(HostAddress.parse(url), access, patience).findings()
    return {finding.name: finding async for finding in looks}


def bad(found: dict[str, Finding]) -> Finding:
    """The only finding that is bad; those behind it are unknown."""
    names = [*found]
    [wrong] = [finding for finding in found.values() if finding.state == "bad"]
    for name in names[names.index(wrong.name) + 1 :]:
        assert (found[name].state, wrong.name in found[name].said) == ("unknown", True)
    return wrong


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- the way there ---


async def test_a_server_in_good_health_has_only_good_findings(fake: FakeOllama) -> None:
    found = await examined(fake.url)
    assert {finding.state for finding in found.values()} == {"good"}
    assert found["version"].said == fake.version
    assert found["models"].said == "3 models"
    assert [*found][:4] == ["address", "proxy", "name", "port"]
    assert "TLS" not in found


async def test_a_server_on_a_socket_is_called_there(tmp_path: Path) -> None:
    fake = FakeOllama()
    fake.socket = str(tmp_path / "ollama")
    async with fake:
        found = await examined(fake.url)
    assert {finding.state for finding in found.values()} == {"good"}
    assert "socket" in found
    assert "name" not in found
    assert bad(await examined(fake.url)).name == "socket"


async def test_nobody_on_this_machine_is_mended_by_starting_ollama(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ollama"
    program.write_text("#!/bin/sh\necho 'ollama version is 0.32.15'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    wrong = bad(await examined(f"127.0.0.1:{free_port()}"))
    assert (wrong.name, wrong.mend) == ("port", "ollama serve")
    assert "does not run" in wrong.cause


async def test_where_ollama_is_not_installed_the_engine_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    wrong = bad(await examined(f"127.0.0.1:{free_port()}"))
    assert "not installed" in wrong.cause
    assert "ollama-tui --host embedded" in wrong.mend


async def test_port_80_instead_of_11434_is_told_by_where_ollama_answers(
    near: list[HostAddress], fake: FakeOllama
) -> None:
    near.append(HostAddress.parse(fake.url))
    hint = "http:// without a port means port 80; Ollama's own port is 11434."
    wrong = bad(await examined("http://127.0.0.3"))
    assert wrong.name == "port"
    assert wrong.cause.startswith(hint)
    assert f"Ollama answers at {fake.url} instead." in wrong.cause
    assert wrong.mend == f"ollama-tui --host {fake.url}"
    near.clear()
    wrong = bad(await examined("http://127.0.0.3"))
    assert (wrong.cause, wrong.mend) == (hint, "ollama-tui --host http://127.0.0.3:11434")


def test_what_may_have_been_meant_is_tried_without_the_credentials() -> None:
    meant = mending_near("https://me:secret@box:8443/base")
    assert meant == [
        "http://box:11434/base", "http://box:8443/base", "https://box:8443",
    ]  # fmt: skip
    assert mending_near("http://localhost")[0] == "http://localhost:11434"


def mending_near(url: str) -> list[str]:
    found = [*NEAR(HostAddress.parse(url))]
    assert not any(each.userinfo for each in found)
    return [each.url for each in found]


async def test_a_refusal_from_afar_is_mended_by_its_address_or_a_tunnel() -> None:
    cause, mend = await mending.of_port(HostAddress.parse("gpu-box"), "refused")
    assert "its own machine only" in cause
    assert "OLLAMA_HOST=0.0.0.0 ollama serve" in mend
    assert "ollama-tui --host ssh://gpu-box" in mend
    cause, _mend = await mending.of_port(HostAddress.parse("gpu-box"), "silent")
    assert "firewall" in cause


async def test_an_unknown_name_may_be_one_of_sshs() -> None:
    wrong = bad(await examined("no-such-box.invalid"))
    assert wrong.name == "name"
    assert wrong.mend == "ollama-tui --host ssh://no-such-box.invalid"


async def test_a_name_server_that_does_not_answer_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    never = threading.Event()
    monkeypatch.setattr(checkup, "numbers", lambda _host, _port: never.wait())
    wrong = bad(await examined("gpu-box", patience=0.05))
    never.set()
    assert wrong.name == "name"
    assert "within 0.05 s" in wrong.said


# --- TLS ---


async def test_a_certificate_of_ones_own_is_mended_by_its_authority(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    async with encrypted() as port:
        wrong = bad(await examined(f"https://localhost:{port}"))
        assert wrong.name == "TLS"
        assert "for localhost, 127.0.0.1 until 2126-10-29" in wrong.said
        assert wrong.mend.startswith("SSL_CERT_FILE=")
        monkeypatch.setenv("SSL_CERT_FILE", str(LOCALHOST))
        found = await examined(f"https://localhost:{port}")
    assert (found["TLS"].state, found["version"].said) == ("good", "0.32.15")
    assert (found["models"].said, "pull" in found["models"].mend) == ("none yet", True)


async def test_an_expired_certificate_is_told_with_its_last_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(EXPIRED))
    async with encrypted(EXPIRED) as port:
        wrong = bad(await examined(f"https://localhost:{port}"))
    assert "until 2021-01-01" in wrong.said
    assert "expired" in wrong.cause


async def test_a_certificate_for_another_name_is_mended_by_that_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(LOCALHOST))
    async with encrypted() as port:
        shaken = await checkup.handshake("127.0.0.1", port, "127.0.0.2", 3.0)
    finding = await judged(shaken, HostAddress.parse(f"https://127.0.0.2:{port}"))
    assert finding.mend == f"ollama-tui --host https://localhost:{port}"


async def test_https_to_a_plain_server_is_mended_by_http(
    near: list[HostAddress], fake: FakeOllama
) -> None:
    near.append(HostAddress.parse(fake.url))
    wrong = bad(await examined(fake.url.replace("http:", "https:")))
    assert (wrong.name, wrong.mend) == ("TLS", f"ollama-tui --host {fake.url}")


# --- the answer ---


async def test_credentials_that_are_missing_or_wrong_are_told_apart(fake: FakeOllama) -> None:
    fake.errors["*"] = 401, ""
    wrong = bad(await examined(fake.url))
    assert (wrong.name, wrong.said) == ("credentials", "they are asked for (401)")
    assert "://USER:PASSWORD@127.0.0.1:" in wrong.mend
    refused = bad(await examined(fake.url.replace("://", "://me:s3cret@")))
    assert "are refused" in refused.said


class Guarded(HttpServer):
    """Answers only to the name localhost, as an Ollama on loopback does behind a proxy."""

    async def answer(self, request: Request, reply: Reply) -> None:
        if request.headers["host"] == "localhost:11434":
            return await reply.json({"version": "0.32.15"})
        return await reply.send(b"", "403 Forbidden", "text/plain")


async def test_the_guard_of_the_host_header_is_told_from_other_refusals(fake: FakeOllama) -> None:
    async with Guarded() as server:
        wrong = bad(await examined(server.url))
    assert wrong.name == "Host header"
    assert "accepted as localhost:11434" in wrong.said
    assert "proxy_set_header Host localhost:11434;" in wrong.mend
    fake.errors["*"] = 403, "not you"
    wrong = bad(await examined(fake.url))
    assert "not you" in wrong.said
    assert "proxy or firewall" in wrong.cause


async def test_another_program_is_not_ollama(fake: FakeOllama) -> None:
    fake.errors["*"] = 404, "<p>"
    wrong = bad(await examined(fake.url))
    assert wrong.name == "Ollama"
    assert "not as Ollama does" in wrong.said
    assert wrong.mend == "ollama-tui --host http://127.0.0.1:11434"


async def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    class Silent(HttpServer):
        async def answer(self, request: Request, reply: Reply) -> None:
            await reply.silence()

    async with Silent() as server:
        async with asyncio.timeout(3):
            wrong = bad(await examined(server.url, patience=0.1))
    assert (wrong.name, wrong.mend) == ("Ollama", "ollama serve")


# --- what a host is configured with ---


async def test_a_host_is_examined_with_its_own_certificates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    own = str(LOCALHOST)
    async with encrypted(clients=LOCALHOST) as port:
        access = Access(HostSetting(ca_file=own, client_cert=own))
        found = await examined(f"https://localhost:{port}", access=access)
        assert {finding.state for finding in found.values()} == {"good"}
    async with encrypted() as port:
        access = Access(HostSetting(verify=False))
        found = await examined(f"https://localhost:{port}", access=access)
        assert (found["TLS"].state, found["version"].said) == ("unknown", "0.32.15")
        assert "verify is off" in found["TLS"].cause
        access = Access(HostSetting(ca_file="/nowhere.pem"))
        found = await examined(f"https://localhost:{port}", access=access)
        assert "ca_file of this host cannot be used" in bad(found).said


async def test_a_key_that_is_not_to_be_had_is_bad_before_anything_is_asked(
    fake: FakeOllama,
) -> None:
    found = await examined(fake.url, access=Access(HostSetting(key="env:NOT_THERE")))
    assert (bad(found).name, "NOT_THERE" in bad(found).said) == ("credentials", True)
    assert fake.asked == []


async def test_a_server_that_tells_everybody_its_version_may_want_a_key_for_more(
    fake: FakeOllama,
) -> None:
    fake.errors["/api/tags"] = 401, ""
    wrong = bad(await examined(fake.url))
    assert (wrong.name, "asks for credentials" in wrong.said) == ("models", True)
    assert "USER:PASSWORD" in wrong.mend


async def test_a_proxy_of_the_hosts_own_that_is_down_is_named() -> None:
    secrets = HostSecrets(proxy=f"http://me:s3cret@127.0.0.1:{free_port()}")
    found = await examined("http://gpu-box:11434", access=Access(HostSetting(), secrets))
    assert (bad(found).name, bad(found).mend) == ("proxy", 'proxy = "none"')
    assert "s3cret" not in str(found)


# --- proxies and secrets ---


async def test_a_proxy_that_is_down_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", f"http://me:s3cret@127.0.0.1:{free_port()}")
    found = await examined("http://gpu-box:11434")
    wrong = bad(found)
    assert wrong.name == "proxy"
    assert wrong.mend == "NO_PROXY=gpu-box ollama-tui --host http://gpu-box:11434"
    assert "s3cret" not in str(found)


class Proxy(HttpServer):
    """Answers in the name of every server, as it is asked by whole addresses."""

    async def answer(self, request: Request, reply: Reply) -> None:
        assert request.target.startswith("http://gpu-box:11434/")
        await reply.json({"version": "0.32.15", "models": []})


async def test_a_proxy_that_works_is_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Proxy() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        found = await examined("http://gpu-box:11434")
    assert not [finding for finding in found.values() if finding.state == "bad"]
    assert (found["name"].state, found["version"].said) == ("unknown", "0.32.15")


async def test_a_server_that_repeats_the_password_does_not_bring_it_to_the_screen(
    tmp_path: Path, fake: FakeOllama
) -> None:
    fake.errors["*"] = 500, "no such user me:s3cret, Basic bWU6czNjcmV0"
    async with Program(tmp_path, box=fake.url.replace("://", "://me:s3cret@")) as program:
        found = [each async for each in program.worker.doctor.examine("box")]
    assert any("no such user ***" in finding.said for finding in found)
    assert not any(word in str(found) for word in ("s3cret", "bWU6czNjcmV0"))


# --- this machine ---


async def test_a_host_is_examined_with_this_machine_behind_it(
    tmp_path: Path, fake: FakeOllama
) -> None:
    async with Program(tmp_path, box=fake.url) as program:
        found = [each async for each in program.worker.doctor.examine("box")]
        parts = list(dict.fromkeys(finding.part for finding in found))
        assert parts == ["box", "this machine", "embedded engine"]
        assert not [finding for finding in found if finding.state == "bad"]
        alone = [each async for each in program.worker.doctor.examine(EMBEDDED)]
    assert {finding.part for finding in alone} == {"this machine", "embedded engine"}


async def folders(places: Places) -> dict[str, Finding]:
    return {each.name: each async for each in machine_checkup.folders(places)}


async def test_folders_that_others_may_write_to_or_nobody_can_are_bad(tmp_path: Path) -> None:
    places = Places.below(tmp_path)
    places.config.mkdir()
    places.config.chmod(0o777)
    places.data.write_text("in the way")
    found = await folders(places)
    assert found["settings"].mend == f"chmod go-w {places.config}"
    assert (found["conversations"].state, "no folder" in found["conversations"].cause) == (
        "bad", True,
    )  # fmt: skip
    assert found["state"].state == "good"
    assert "not made yet" in found["state"].said


async def test_a_full_disk_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checkup, "_free", lambda _folder: 10**6)
    assert (await folders(Places.below(tmp_path)))["cache"].mend == f"df -h {tmp_path}"


async def test_a_disk_that_does_not_answer_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    monkeypatch.setattr(machine_checkup, "_DISK_SECONDS", 0.05)
    monkeypatch.setattr(machine_checkup, "_free", lambda _folder: never.wait())
    found = await folders(Places.below(tmp_path))
    never.set()
    assert {finding.state for finding in found.values()} == {"bad"}
    assert "does not answer" in found["cache"].said


async def test_settings_that_are_not_used_are_told(tmp_path: Path) -> None:
    places = Places.below(tmp_path)
    assert (await machine_checkup.settings(places)).state == "good"
    places.config.mkdir()
    (places.config / "config.toml").write_text("them = 'dusk'\n")
    found = await machine_checkup.settings(places)
    assert (found.state, "Did you mean theme?" in found.said) == ("bad", True)
    assert str(places.config / "config.toml") in found.mend
    (places.config / "secrets.toml").write_text("[hosts.gpu]\nkey = 's3cret'\n")
    found = await machine_checkup.settings(places)
    assert "can be read by others" in found.said
    assert "s3cret" not in str(found)


@pytest.mark.parametrize(
    ("error", "mend"),
    [
        ("libgomp.so.1: cannot open shared object file", "sudo apt install libgomp1"),
        ("version `GLIBC_2.38' not found", "ollama serve"),
        ("Illegal instruction", "xllamacpp"),
    ],
)
async def test_an_engine_that_cannot_be_loaded_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str, mend: str
) -> None:
    monkeypatch.setattr(
        machine_checkup, "_LOAD", (sys.executable, "-c", f"raise ImportError({error!r})")
    )
    async with Program(tmp_path) as program:
        monkeypatch.setattr(program.worker.engine, "missing", lambda: "")
        [found] = [
            each async for each in machine_checkup.engine(program.worker.engine, wanted=False)
        ]
    assert (found.state, error in found.said, mend in found.mend) == ("bad", True, True)


async def test_an_engine_that_is_not_installed_is_bad_only_where_it_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Program(tmp_path) as program:
        engine = program.worker.engine
        monkeypatch.setattr(engine, "missing", lambda: "not there; pip brings it")
        for wanted, state in ((True, "bad"), (False, "unknown")):
            [found] = [each async for each in machine_checkup.engine(engine, wanted=wanted)]
            assert (found.state, found.said) == (state, "not there; pip brings it")
