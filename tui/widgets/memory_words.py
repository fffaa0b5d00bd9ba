"""What a model takes of a GPU's memory, in words that show how that was reckoned."""

from tui.domain.fits import Need, verdict, verdict_words
from tui.domain.language import _
from tui.domain.units import progress, size
from tui.widgets.lines import dots


def need_words(need: Need, vram: int) -> str:
    """`5.6-8.0 GB with 8,192 tokens · fits 24.0 GB`."""
    text = (
        _("{size} with {n} tokens, as measured") if need.measured else _("{size} with {n} tokens")
    )
    said = text.format(size=between(need.low, need.high), n=f"{need.context:,}")
    if not vram:
        return said
    return dots(
        said,
        _("{verdict}: {vram} VRAM").format(
            verdict=verdict_words(verdict(need, vram)), vram=size(vram)
        ),
    )


def reckoned(need: Need) -> str:
    """The inputs: `weights 4.9 GB + cache 0.5-2.1 GB + what the server takes`."""
    if need.measured:
        return _("measured when it was loaded here")
    if need.measured_with:
        text = _("measured here with {n} tokens; only the cache is reckoned")
        return text.format(n=f"{need.measured_with:,}")
    return _("weights {weights} + cache {cache} + what the server takes besides").format(
        weights=size(need.weights), cache=between(*need.cache)
    )


def between(low: int, high: int) -> str:
    """Two sizes in one unit; only one where they are the same."""
    if size(low) == size(high):
        return size(high)
    return progress(low, high).replace("/", "-")
