import pytest
from textual.binding import Binding

from tui.widgets.key_bar import Hint, KeyBar, hints_of, key_name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("ctrl+n", "^N"), ("enter", "enter"), ("escape", "esc"), ("space", "space"), ("tab", "tab"),
        ("question_mark", "?"), ("slash", "/"), ("less_than_sign", "<"), ("J", "J"), ("j", "j"),
        ("plus", "+"), ("minus", "-"), ("left", "←"), ("shift+tab", "shift-tab"),
        ("ctrl+underscore", "^_"), ("f1", "f1"),
    ],
)  # fmt: skip
def test_keys_are_written_as_people_read_them(key: str, name: str) -> None:
    assert key_name(key) == name


def test_an_action_is_hinted_once_and_a_group_shares_its_label() -> None:
    move = Binding.Group("move")
    given = [
        Binding("p", "pull", "pull"),
        Binding("y,c", "copy", "copy"),
        Binding("J", "move(1)", "move down", group=move),
        Binding("K", "move(-1)", "move up", group=move),
    ]
    assert hints_of(Binding.make_bindings(given)) == [
        Hint("p", "pull", "p"), Hint("y", "copy", "y"), Hint("J K", "move", "J"),
    ]  # fmt: skip


def test_the_last_hint_stands_and_none_is_cut_in_half() -> None:
    bar = KeyBar()
    hints = [Hint("enter", "chat"), Hint("p", "pull"), Hint("v", "details"), Hint("?", "keys")]
    bar.set_reactive(KeyBar.hints, hints)
    assert bar.draw(60, 1)[0].plain == " enter chat   p pull   v details   ? keys"
    assert bar.draw(30, 1)[0].plain == " enter chat   p pull   ? keys"
    assert bar.draw(8, 1)[0].plain == " ? keys"


def test_two_places_may_call_their_actions_the_same() -> None:
    given = [
        Binding("escape", "leave", "back", id="page.leave"),
        Binding("ctrl+q", "leave", "quit", id="app.quit"),
    ]
    assert [hint.label for hint in hints_of(given)] == ["back", "quit"]
