"""Which theme a terminal gets, and whether it can be read."""

import pytest
from textual.color import Color
from textual.theme import Theme

from tui.terminal.themes import ANSI, DUSK, PAPER, chosen, derived

READABLE = 4.5
WORDS = ("strong", "muted", "code-name", "code-string", "code-number", "code-type")


@pytest.mark.parametrize(
    ("asked", "environment", "name"),
    [
        ("auto", {"TERM": "xterm-256color"}, "dusk"),
        ("auto", {"TERM": "xterm", "COLORTERM": "truecolor"}, "dusk"),
        ("auto", {"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "paper"),
        ("auto", {"TERM": "rxvt-256color", "COLORFGBG": "0;default;7"}, "paper"),
        ("auto", {"TERM": "xterm-256color", "COLORFGBG": "15;0"}, "dusk"),
        ("auto", {"TERM": "xterm"}, "ansi"),
        ("auto", {"TERM": "linux", "COLORFGBG": "0;15"}, "ansi"),
        ("paper", {"TERM": "xterm"}, "paper"),
        ("paper", {"TERM": "xterm-256color", "NO_COLOR": "1"}, "ansi"),
    ],
)
def test_the_theme_suits_the_terminal_and_what_is_asked_for(
    asked: str, environment: dict[str, str], name: str
) -> None:
    assert chosen(asked, environment) == name


@pytest.mark.parametrize("theme", [DUSK, PAPER], ids=lambda theme: theme.name)
def test_every_word_can_be_read_on_every_ground(theme: Theme) -> None:
    named = [theme.variables[name] for name in WORDS]
    states = [theme.foreground, theme.accent, theme.success, theme.warning, theme.error]
    grounds = [theme.background, theme.surface, theme.variables["selection"]]
    for words in (*named, *states):
        for ground in grounds:
            assert words
            assert ground
            assert contrast(Color.parse(words), Color.parse(ground)) >= READABLE, (words, ground)


def contrast(one: Color, other: Color) -> float:
    """As the guidelines of the web measure it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Color) -> float:
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def test_a_theme_of_textuals_has_all_that_ours_name() -> None:
    named = DUSK.variables.keys()
    assert ANSI.variables.keys() >= named
    assert PAPER.variables.keys() == named
    assert derived(DUSK).keys() == named
