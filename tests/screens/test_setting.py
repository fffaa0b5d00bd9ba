from pathlib import Path

import pytest

from tui.domain.session import Session
from tui.screens.chats.setting import NotSet, setting_of
from tui.screens.chats.setting_words import line_of, value_of


def after(line: str) -> Session:
    session = Session(system="old", format="json", think=True, options={"seed": 1})
    setting_of(line).change(session)
    return session


def test_a_parameter_is_added_to_those_that_are_set() -> None:
    assert after("parameter temperature 0.2").options == {"seed": 1, "temperature": 0.2}
    assert after("parameter stop a b").options["stop"] == ["a", "b"]
    assert after('parameter stop "a b" c').options["stop"] == ["a b", "c"]
    assert after("parameter stop don't # \\n").options["stop"] == ["don't", "#", "\\n"]


def test_a_parameter_that_loads_the_model_says_so() -> None:
    assert "loaded anew" in setting_of("parameter num_ctx 8192").said
    assert "loaded anew" not in setting_of("parameter seed 4").said


def test_system_format_and_thinking_are_set_and_taken_back() -> None:
    assert after("system Be brief.").system == "Be brief."
    assert after('system """Be\nbrief."""').system == "Be\nbrief."
    assert after("system default").system == ""
    assert after('system """"""').system == ""
    with pytest.raises(NotSet, match="TEXT"):
        setting_of("system")
    assert after("format json").format == "json"
    assert after("noformat").format is None
    assert after("think").think is True
    assert after("think high").think == "high"
    assert after("nothink").think is False
    assert after("think default").think is None


def test_an_option_is_taken_back() -> None:
    assert after("parameter seed default").options == {}


def test_what_is_set_can_be_typed_as_it_is_shown() -> None:
    session = Session(options={"stop": ["a b", "c"], "seed": 1, "use_mmap": True}, think="high")
    for name in ("stop", "seed", "use_mmap", "think"):
        again = Session()
        setting_of(line_of(name, value_of(name, session))).change(again)
        assert value_of(name, again) == value_of(name, session)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("10m", "10m"),
        ("1h30m", "1h30m"),
        ("600", 600),
        ("0", 0),
        ("1.5", 1),
        ("-1", -1),
        ("inf", -1),
        ("-5m", "-5m"),
        ("default", None),
    ],
)
def test_how_long_a_model_stays_is_a_span_with_units_or_seconds(words: str, kept: object) -> None:
    assert after(f"keepalive {words}").keep_alive == kept


def test_a_schema_is_typed_or_read_from_a_file(tmp_path: Path) -> None:
    assert after('format {"type": "object"}').format == {"type": "object"}
    (tmp_path / "person.json").write_text('{"type": "array"}')
    assert after(f"format {tmp_path / 'person.json'}").format == {"type": "array"}


@pytest.mark.parametrize("path", ["/dev/zero", "~nobody-of-this-name/x", "\0"])
def test_what_cannot_be_a_schemas_file_is_not_read(path: str) -> None:
    with pytest.raises(NotSet, match="cannot be read"):
        setting_of(f"format {path}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "/set parameter"),
        ("verse", "/set parameter"),
        ("parameter", "temperature"),
        ("parameter temperature", "temperature"),
        ("parameter temperature hot", "a number"),
        ("parameter temprature 1", "Did you mean temperature"),
        ("format xml", "/set format json"),
        ("think hard", "low, medium, high, max"),
        ("keepalive soon", "/set keepalive SPAN"),
        ("keepalive nan", "/set keepalive SPAN"),
        ("parameter temperature nan", "can be counted"),
        ("parameter temperature inf", "can be counted"),
        ("parameter seed 99999999999999999999", "can be counted"),
    ],
)
def test_what_sets_nothing_says_what_would(line: str, said: str) -> None:
    with pytest.raises(NotSet, match=said):
        setting_of(line)
