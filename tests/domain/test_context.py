import pytest

from tui.domain import clock
from tui.domain.context import Load, tokens_of, unseen
from tui.domain.replies import Stats
from tui.domain.session import Message


def message(number: int, text: str, counted: int = 0, dropped: int = 0) -> Message:
    return Message(
        id=str(number),
        parent=str(number - 1) if number else None,
        role="assistant" if number % 2 else "user",
        content=text,
        created_at=clock.now(),
        stats=Stats(prompt_eval_count=counted) if counted else None,
        unseen=dropped,
    )


def asked(*texts: str) -> list[dict[str, str]]:
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]


def test_a_token_is_four_letters_and_less_than_two_chinese_ones() -> None:
    assert tokens_of("a" * 400) == 100
    assert tokens_of("汉" * 300) == pytest.approx(200)
    assert 100 < tokens_of("é" * 400) < 200
    assert tokens_of("\ud800") > 0


def test_what_fits_is_nothing_to_speak_of() -> None:
    assert Load.of([message(0, "a" * 400), message(1, "b" * 400)], "").overflow(100, 4096) is None


def test_what_is_too_long_pushes_the_oldest_out() -> None:
    load = Load.of([message(n, "a" * 3984) for n in range(4)], "")
    found = load.overflow(96, 3096)
    assert found is not None
    assert (found.too_long, found.unseen, found.hopeless) == (1000, 1, False)


def test_a_question_longer_than_the_window_is_hopeless() -> None:
    found = Load.of([message(0, "a" * 400)], "Be brief.").overflow(5000, 4096)
    assert found is not None
    assert found.hopeless
    assert found.unseen == 1


def test_the_servers_own_count_puts_the_estimate_right() -> None:
    branch = [message(0, "a" * 3984), message(1, "b" * 3984, counted=1500)]
    assert sum(Load.of(branch, "").messages) == pytest.approx(3000)
    cut = [message(0, "a" * 3984), message(1, "b" * 3984, counted=1500, dropped=2)]
    assert sum(Load.of(cut, "").messages) == pytest.approx(2000)
    short = [message(0, "Hi"), message(1, "Hello", counted=26)]
    assert sum(Load.of(short, "").messages) < 15


@pytest.mark.parametrize(
    ("counted", "window", "said"),
    [
        (2100, 4096, 1),  # half the window is what some models are cut to
        (4000, 4096, 0),  # not well below the guess: the guess was too high
        (4096, 4096, 1),
        (0, 4096, 0),  # not told
        (2100, 0, 0),
        (2100, 8192, 0),  # all would have fitted; a server may not count what it had cached
    ],
)
def test_messages_that_were_dropped_are_found_out(counted: int, window: int, said: int) -> None:
    texts = asked("a" * 9000, "b" * 3000, "c" * 5000)
    assert unseen(texts, counted, window) == said


def test_the_question_itself_was_always_seen() -> None:
    assert unseen(asked("a" * 9000, "b" * 9000, "c" * 9000), 1500, 2048) == 2
