"""How a user who looks elsewhere is called."""

import pytest

from tui.terminal.notices import sequence

BELL = "\x07"
OSC777 = "\x1b]777;notify;ollama-tui;Hi\x07"
OSC99 = "\x1b]99;i=1:d=0;ollama-tui\x07\x1b]99;i=1:p=body;Hi\x07"


@pytest.mark.parametrize(
    ("kind", "environment", "written"),
    [
        ("auto", {"TERM": "xterm-256color"}, BELL),
        ("auto", {"TERM": "xterm-kitty"}, OSC99),
        ("auto", {"TERM": "foot-extra"}, OSC777),
        ("auto", {"TERM": "rxvt-unicode-256color"}, OSC777),
        ("auto", {"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, OSC777),
        (
            "auto",
            {"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"},
            "\x1b]9;ollama-tui: Hi\x07",
        ),
        ("auto", {"TERM": "tmux-256color", "TMUX": "x", "LC_TERMINAL": "iTerm2"}, BELL),
        ("auto", {"TERM": "screen", "STY": "1.x"}, BELL),
        ("bell", {"TERM": "xterm-kitty"}, BELL),
        ("osc777", {"TERM": "xterm", "TMUX": "x"}, f"\x1bPtmux;\x1b{OSC777}\x1b\\"),
        ("osc9", {"STY": "1.x"}, "\x1bP\x1b]9;ollama-tui: Hi\x07\x1b\\"),
        ("off", {"TERM": "xterm-kitty"}, ""),
    ],
)
def test_each_terminal_is_told_in_its_own_words(
    kind: str, environment: dict[str, str], written: str
) -> None:
    assert sequence(kind, "Hi", environment) == written


def test_nothing_in_a_title_ends_the_sequence_or_parts_it() -> None:
    said = sequence("osc777", "a\x07b\x1b\\c;d\n\x9c" + "x" * 500, {})
    text = said.removeprefix("\x1b]777;notify;ollama-tui;").removesuffix("\x07")
    assert text.isprintable()
    assert text.startswith("a b \\c,d x")
    assert len(text) == 120
