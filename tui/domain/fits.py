"""Whether a model fits the memory of a GPU: a range from what is known of it, never a promise."""

import re
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from tui.domain.language import _
from tui.domain.models import ModelCard

Verdict = Literal["unknown", "fits", "tight", "partly"]
"""`tight`: it may just fit; `partly`: a part of it has to run on the CPU."""

_HALF = 2
"""Bytes of a number in the cache, which is kept in 16 bits."""
_PER_TOKEN = 45_000
"""Bytes a token for a model of 1 B parameters; it grows with their square root."""
_UNSURE = 2.0
"""How far models of one size lie apart in that."""
_LEAST, _MOST = (200e6, 0.02), (600e6, 0.08)
"""What a server takes besides: bytes, and a share of the weights."""
_STEPS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
_SIZE = re.compile(r"([\d.]+)\s*([kmgt]?)(i?)b?", re.IGNORECASE)


class Need(msgspec.Struct, frozen=True):
    """How much memory a model takes, from what that was reckoned, and how sure it is."""

    low: int
    high: int
    weights: int
    cache: tuple[int, int]
    """Bytes of the KV cache, at least and at most."""
    context: int
    measured: bool = False
    measured_with: int = 0
    """The context with which it was measured, where that was another one."""


def need(
    weights: int, context: int, *, card: ModelCard | None = None, parameters: str = ""
) -> Need:
    """What weights of so many bytes take with a context of so many tokens."""
    exact = _per_token(card) if card else None
    if exact is not None:
        cache = (exact * context, exact * context)
    else:
        rough = _PER_TOKEN * max(billions(parameters) or weights / 0.6e9, 0.05) ** 0.5 * context
        cache = (int(rough / _UNSURE), int(rough * _UNSURE))
    low, high = (
        int(weights * (1 + share) + each + base)
        for each, (base, share) in zip(cache, (_LEAST, _MOST), strict=True)
    )
    return Need(low, high, weights, cache, context)


def measured(size: int, context: int) -> Need:
    """What a server told once the model was loaded."""
    return Need(size, size, 0, (0, 0), context, measured=True)


def with_context(known: Need, context: int, by: Callable[[int], Need]) -> Need:
    """A measured need with another context: what differs is the cache, which `by` reckons."""
    then, now = by(known.context), by(context)
    grown = [after - before for after, before in zip(now.cache, then.cache, strict=True)]
    low, high = sorted(max(known.high + each, 0) for each in grown)
    return Need(low, high, 0, (0, 0), context, measured_with=known.context)


def verdict(wanted: Need, vram: int) -> Verdict:
    """How a need stands with the memory there is; unknown where nobody tells that."""
    if not vram or not wanted.high:
        return "unknown"
    if wanted.high <= vram:
        return "fits"
    return "tight" if wanted.low <= vram else "partly"


def verdict_words(found: Verdict) -> str:
    """A verdict as the screen says it; nothing for an unknown one."""
    words = {"fits": _("fits"), "tight": _("may just fit"), "partly": _("partly on the CPU")}
    return words.get(found, "")


def billions(parameters: str) -> float:
    """14.8B, 752M, 8x7B as a number of billions; 0 for anything else."""
    found = re.fullmatch(r"(?:(\d+)x)?([\d.]+)\s*([KMBT])", parameters.strip(), re.IGNORECASE)
    if not found or found[2].count(".") > 1:
        return 0.0
    unit = {"K": 1e-6, "M": 1e-3, "B": 1.0, "T": 1e3}[found[3].upper()]
    return int(found[1] or 1) * float(found[2]) * unit


def read_size(text: str) -> int:
    """`24 GB`, `24G`, `24576 MiB` in bytes. Raises ValueError."""
    found = _SIZE.fullmatch(text.strip())
    if not found or found[1].count(".") > 1 or found[1] == ".":
        raise ValueError(_("{text} is no size; it looks like 24 GB").format(text=text))
    step = _STEPS[found[2].lower()]
    if found[3]:
        step = 1024 ** [*_STEPS].index(found[2].lower())
    return int(float(found[1]) * step)


def _per_token(card: ModelCard) -> int | None:
    """Bytes of the cache for one token, where the model's own numbers tell."""
    layers, heads = card.number("block_count"), card.number("attention.head_count")
    if not layers or not heads:
        return None
    width = (card.number("embedding_length") or 0) // heads
    key = card.number("attention.key_length") or width
    value = card.number("attention.value_length") or width
    kept = _kept_heads(card, layers, heads)
    return kept * (key + value) * _HALF if key and value else None


def _kept_heads(card: ModelCard, layers: int, heads: int) -> int:
    """Heads whose keys and values are kept, over all layers; some models tell each layer's."""
    told: Any = (card.model_info or {}).get(f"{card.architecture}.attention.head_count_kv")
    if isinstance(told, list) and told:
        return sum(each for each in told if isinstance(each, int))
    return layers * (told if isinstance(told, int) and told else heads)
