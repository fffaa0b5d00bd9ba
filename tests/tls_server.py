"""Ollama's version behind TLS, with any certificate."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

LOCALHOST = Path(__file__).resolve().parent / "localhost.pem"
"""Vouches for itself, for `localhost` and 127.0.0.1, until 2126."""
EXPIRED = LOCALHOST.with_name("expired.pem")
"""The same, until 2021."""

_VERSION, _MODELS = '{"version": "0.32.15"}', '{"models": []}'


@asynccontextmanager
async def encrypted(
    certificate: Path = LOCALHOST, clients: Path | None = None
) -> AsyncIterator[int]:
    """The port of a server that answers all that it is asked; by `clients` alone, if given."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    if clients:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await reader.readuntil(b"\r\n\r\n")
            body = _MODELS if b"/api/tags" in asked else _VERSION
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            )
            writer.write(f"{head}\r\nConnection: close\r\n\r\n{body}".encode())
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # only the certificate was wanted
        finally:
            writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield int(server.sockets[0].getsockname()[1])
