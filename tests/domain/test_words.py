"""Words as full-text search knows them."""

import pytest

from tui.domain.words import excerpt, expression, spelled


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Plain words, with dots.", "Plain words, with dots."),
        ("東京都", "東京 京都 都"),
        ("東", "東"),
        ("用Python写的程序", "用 Python 写的 的程 程序 序"),
        ("コーヒー", "コー ーヒ ヒー ー"),
        ("한국어", "한국 국어 어"),
        ("ﾊﾝﾄﾞ", "ハン ンド ド"),
        ("ＡＢＣ", "ABC"),
    ],
)
def test_runs_without_spaces_are_spelled_in_pairs(text: str, words: str) -> None:
    assert spelled(text).split() == words.split()


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", ""),
        ("  ", ""),
        ("!? --", ""),
        ('"', ""),
        ("hel", '"hel"*'),
        ("hello wor", '"hello" "wor"*'),
        ('"hello world"', '"hello world"'),
        ('"hello wor', '"hello wor"*'),
        ('say "hello" again', '"say" "hello" "again"*'),
        ("NOT this OR (that)", '"NOT" "this" "OR" "(that)"*'),
        ("东", '"东"*'),
        ("东京", '"东京"*'),
        ("东京都 x", '"东京 京都" "x"*'),
        ("东 x", '"东"* "x"*'),
        ('a"b', '"a b"*'),
    ],
)
def test_a_query_becomes_words_of_which_the_last_may_be_unfinished(query: str, asked: str) -> None:
    assert expression(query) == asked


def test_an_excerpt_begins_shortly_before_what_was_found() -> None:
    text = "word " * 100 + "then the Needle\n\tis here " + "word " * 100
    found = excerpt(text, "needle", 40)
    assert found.text.startswith("…word")
    assert "then the Needle is here" in found.text
    assert len(found.text) == 41
    assert "".join(found.text[at] for at in found.hits) == "Needle"


def test_an_excerpt_of_the_beginning_is_not_cut_there() -> None:
    found = excerpt("Hello there", "hello")
    assert found.text == "Hello there"
    assert found.hits == (0, 1, 2, 3, 4)


def test_an_excerpt_is_given_though_the_words_stand_otherwise_in_the_text() -> None:
    assert excerpt("Café", "cafe").text == "Café"
    assert excerpt("İstanbul x", "X").text == "İstanbul x"
    assert excerpt("", "x") == ("", ())
