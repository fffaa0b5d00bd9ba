import pytest

from tui.domain.session import Session
from tui.screens.chats.setting import NotSet, setting_of


def after(line: str) -> Session:
    session = Session(system="old", format="json", think=True, options={"seed": 1})
    setting_of(line).change(session)
    return session


def test_a_parameter_is_added_to_those_that_are_set() -> None:
    assert after("parameter temperature 0.2").options == {"seed": 1, "temperature": 0.2}
    assert after("parameter stop a b").options["stop"] == ["a", "b"]


def test_a_parameter_that_loads_the_model_says_so() -> None:
    assert "loaded anew" in setting_of("parameter num_ctx 8192").said
    assert "loaded anew" not in setting_of("parameter seed 4").said


def test_system_format_and_thinking_are_set_and_taken_back() -> None:
    assert after("system Be brief.").system == "Be brief."
    assert after('system """Be\nbrief."""').system == "Be\nbrief."
    assert after("system").system == ""
    assert after("format json").format == "json"
    assert after("noformat").format is None
    assert after("think").think is True
    assert after("think high").think == "high"
    assert after("nothink").think is False


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
    ],
)
def test_what_sets_nothing_says_what_would(line: str, said: str) -> None:
    with pytest.raises(NotSet, match=said):
        setting_of(line)
