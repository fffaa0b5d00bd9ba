import pytest

from tui.domain.options import OPTIONS, OptionError, option


def test_every_option_reads_a_value_of_its_kind() -> None:
    assert option("temperature").read(["0.5"]) == 0.5
    assert option("num_ctx").read(["8192"]) == 8192
    assert option("use_mmap").read(["false"]) is False
    assert option("stop").read(["a", "b"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "word", "said"),
    [
        ("temperature", "hot", "a number"),
        ("num_ctx", "1.5", "a whole number"),
        ("num_ctx", "0", "from 1 to"),
        ("top_p", "1.5", "from 0 to 1"),
        ("use_mmap", "maybe", "true or false"),
    ],
)
def test_a_wrong_value_is_refused_in_words(name: str, word: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        option(name).read([word])


def test_an_unknown_name_gets_the_nearest_known_one() -> None:
    with pytest.raises(OptionError, match="Did you mean temperature"):
        option("temprature")
    with pytest.raises(OptionError, match="no parameter xyzzy"):
        option("xyzzy")


def test_defaults_are_in_their_ranges_and_names_are_unique() -> None:
    assert len({each.name for each in OPTIONS}) == len(OPTIONS)
    for each in OPTIONS:
        if each.default is not None and each.kind in ("int", "float"):
            assert each.read([str(each.default)]) == each.default
