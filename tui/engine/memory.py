"""How much memory a model takes, and how much there is."""

from pathlib import Path

from tui.engine.gguf import Gguf

_MEMINFO = Path("/proc/meminfo")
_KEY_BYTES = 2


def needed(header: Gguf, context: int) -> int:
    """Bytes for the weights, and for a key and a value of 16 bits a number and token."""
    heads = header.number("attention.head_count")
    length = header.number("attention.key_length")
    if not length and heads:
        length = header.number("embedding_length") // heads
    keys = header.number("block_count") * (header.number("attention.head_count_kv") or heads)
    return header.size + 2 * _KEY_BYTES * keys * length * context


def available() -> int | None:
    """Bytes that can be had without swapping; None where the system does not tell."""
    try:
        lines = _MEMINFO.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None
