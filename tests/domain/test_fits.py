from functools import partial

import pytest

from tui.domain.fits import billions, measured, need, read_size, verdict, with_context
from tui.domain.models import ModelCard

GB = 10**9
LLAMA = ModelCard(
    model_info={
        "general.architecture": "llama",
        "llama.block_count": 32,
        "llama.attention.head_count": 32,
        "llama.attention.head_count_kv": 8,
        "llama.embedding_length": 4096,
    }
)


def test_the_cache_is_reckoned_from_the_models_own_numbers() -> None:
    known = need(4_900_000_000, 8192, card=LLAMA)
    assert known.cache == (131_072 * 8192, 131_072 * 8192)
    assert known.low < known.high
    assert known.low > known.weights + known.cache[0]


def test_heads_may_be_told_layer_by_layer() -> None:
    info = {**(LLAMA.model_info or {}), "llama.attention.head_count_kv": [8] * 16 + [0] * 16}
    known = need(1, 1000, card=ModelCard(model_info=info))
    assert known.cache[0] == 131_072 * 500


def test_without_them_a_range_holds_the_truth() -> None:
    rough = need(4_900_000_000, 8192, parameters="8.0B")
    low, high = rough.cache
    assert low < 131_072 * 8192 < high


@pytest.mark.parametrize(
    ("vram", "said"),
    [(0, "unknown"), (24 * GB, "fits"), (6 * GB, "tight"), (4 * GB, "partly")]
)  # fmt: skip
def test_it_fits_or_not(vram: int, said: str) -> None:
    assert verdict(need(4_900_000_000, 4096, parameters="8.0B"), vram) == said


def test_what_was_measured_is_no_range() -> None:
    assert verdict(measured(6 * GB, 4096), 6 * GB) == "fits"
    assert verdict(measured(6 * GB, 4096), 6 * GB - 1) == "partly"


def test_sizes_are_read_as_users_write_them() -> None:
    assert read_size("24 GB") == read_size("24g") == 24 * GB
    assert read_size("24 GiB") == 24 * 1024**3
    assert read_size("500000") == 500_000
    for wrong in ("", "much", "1.2.3 GB", "-4 GB"):
        with pytest.raises(ValueError, match="is no size"):
            read_size(wrong)


def test_parameters_are_numbers() -> None:
    assert billions("14.8B") == 14.8
    assert billions("8x7B") == 56
    assert round(billions("752M"), 3) == 0.752
    assert billions("large") == billions("") == 0


def test_what_was_measured_with_one_context_tells_of_others() -> None:
    known = measured(6 * GB, 4096)
    by = partial(need, 5 * GB, card=LLAMA)
    grown = with_context(known, 8192, by)
    cache = by(8192).cache[0] - by(4096).cache[0]
    assert (grown.low, grown.high, grown.context) == (known.high + cache, known.high + cache, 8192)
    assert with_context(known, 2048, by).high < known.high
    rough = with_context(known, 8192, partial(need, 5 * GB, parameters="8B"))
    assert known.high < rough.low < rough.high
