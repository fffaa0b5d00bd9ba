r"""The lines of an NDJSON stream.

Split at `\n` and nowhere else: models do send U+2028 and U+0085, which `str.splitlines` and
httpx's `aiter_lines` take for line ends.
"""

from collections.abc import AsyncGenerator, AsyncIterator

from tui.api.errors import BadAnswer
from tui.domain.language import _
from tui.domain.units import size

LIMIT = 64 * 1024 * 1024
"""Bytes of the longest line taken: tool calls and token lists make lines of megabytes."""


async def lines(chunks: AsyncIterator[bytes], limit: int = LIMIT) -> AsyncGenerator[bytes, None]:
    """Every line without its end, however the bytes were cut; empty lines are left out."""
    rest = bytearray()
    async for chunk in chunks:
        rest += chunk
        if b"\n" in chunk:
            *whole, rest = rest.split(b"\n")
            for line in filter(bytearray.strip, whole):
                yield bytes(line)
        if len(rest) > limit:
            raise BadAnswer(
                _(
                    "The server sent more than {limit} without a line end. That is no answer of "
                    "Ollama's; look at what listens at this address."
                ).format(limit=size(limit))
            )
    if rest.strip():
        yield bytes(rest)
