"""Single looks at the way to a server."""

import asyncio
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tls_server import EXPIRED, LOCALHOST, encrypted
from tui.api.checkup import handshake, knock, knock_socket, numbers

PATIENCE = 5.0


@pytest.fixture(autouse=True)
def _own_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)


def test_a_name_is_looked_up() -> None:
    assert "127.0.0.1" in numbers("localhost", 11434)
    with pytest.raises(OSError, match=r".+"):
        numbers("no-such-host.invalid", 11434)


async def test_an_open_port_is_told_from_a_closed_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert (await knock(["127.0.0.1"], port, PATIENCE)).result == "open"
    assert (await knock(["127.0.0.1"], port, PATIENCE)).result == "refused"


async def test_the_second_address_of_a_name_is_tried_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = await knock(["127.0.0.2", "127.0.0.1"], listener.getsockname()[1], PATIENCE)
    assert (found.result, found.where) == ("open", "127.0.0.1")


async def test_a_port_whose_queue_is_full_is_silent() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        place, port = listener.getsockname()
        waiting = [socket.socket() for _number in range(4)]
        try:
            for each in waiting:
                each.setblocking(False)
                each.connect_ex((place, port))
            assert (await knock([place], port, 0.05)).result == "silent"
        finally:
            for each in waiting:
                each.close()


async def test_a_socket_of_nobody_is_refused(tmp_path: Path) -> None:
    assert (await knock_socket(str(tmp_path / "none"), PATIENCE)).result == "refused"
    folder = await knock_socket(str(tmp_path / "long" / ("x" * 200)), PATIENCE)
    assert folder.result == "unreachable"


async def test_a_trusted_certificate_tells_its_names_and_its_last_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(LOCALHOST))
    async with encrypted() as port:
        shaken = await handshake("127.0.0.1", port, "localhost", PATIENCE)
    assert shaken.trouble == ""
    assert shaken.names == ("localhost", "127.0.0.1")
    assert shaken.expires == datetime(2126, 10, 29, 11, 1, 35, tzinfo=UTC)


async def test_a_certificate_that_nobody_vouches_for_tells_them_too() -> None:
    async with encrypted() as port:
        shaken = await handshake("127.0.0.1", port, "localhost", PATIENCE)
    assert shaken.code in (18, 19)
    assert shaken.names == ("localhost", "127.0.0.1")


async def test_an_expired_certificate_tells_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(EXPIRED))
    async with encrypted(EXPIRED) as port:
        shaken = await handshake("127.0.0.1", port, "localhost", PATIENCE)
    assert shaken.code == 10
    assert shaken.expires == datetime(2021, 1, 1, tzinfo=UTC)


async def test_a_certificate_for_another_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(LOCALHOST))
    async with encrypted() as port:
        shaken = await handshake("127.0.0.1", port, "gpu-box", PATIENCE)
    assert shaken.code == 62
    assert shaken.names == ("localhost", "127.0.0.1")


async def test_a_server_without_tls_is_no_matter_of_certificates() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        shaken = await handshake("127.0.0.1", port, "localhost", PATIENCE)
    assert shaken.trouble
    assert shaken.code is None


async def test_a_server_that_never_shakes_hands_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        shaken = await handshake("127.0.0.1", listener.getsockname()[1], "localhost", 0.05)
    assert shaken.trouble
