from textual.content import Content

from tui.widgets.markdown import Document, Space


def rows(text: str, width: int = 40, full: int = 0, across: int | None = None) -> list[str]:
    return [row.plain for row in Document(Space(width, full or width, across)).update(text)]


def styles(text: str, word: str) -> set[str]:
    """How a word of the answer is drawn."""
    for row in Document(Space(80, 80)).update(text):
        if (at := row.plain.find(word)) >= 0:
            return {str(s.style) for s in row.spans if s.start <= at and s.end >= at + len(word)}
    raise AssertionError(word)


def test_headings_stand_directly_above_their_text() -> None:
    assert rows("para\n\n## Title\n\ntext") == ["para", "", "Title", "text"]
    assert styles("# The `code` title", "title") == {"bold $strong"}


def test_emphasis_code_and_links_have_their_looks() -> None:
    text = "a **bold** *soft* `code` ~~gone~~ [words](https://x.org/y)"
    assert rows(text, 80) == ["a bold soft code gone words https://x.org/y"]
    assert styles(text, "bold") == {"bold $strong"}
    assert styles(text, "soft") == {"$strong"}
    assert styles(text, "code") == {"$code-name"}
    assert styles(text, "gone") == {"strike"}
    assert styles(text, "words") == {"underline"}
    assert styles(text, "https://x.org/y") == {"$muted"}


def test_an_address_that_is_its_own_words_stands_once() -> None:
    assert rows("<https://x.org> and <me@x.org>", 80) == ["https://x.org and me@x.org"]
    assert rows("![a cat](cat.png) ![](dog.png)", 80) == ["a cat cat.png dog.png"]


def test_lists_nest_and_count() -> None:
    text = "- one\n- two\n  1. a\n  2. b\n     - deep\n- three"
    assert rows(text) == ["• one", "• two", "  1. a", "  2. b", "     • deep", "• three"]
    assert rows("9. nine\n1. ten") == [" 9. nine", "10. ten"]
    assert rows("0) zero\n0) one") == ["0) zero", "1) one"]


def test_long_entries_hang() -> None:
    assert rows("- alpha beta gamma delta", 16) == ["• alpha beta", "  gamma delta"]


def test_an_airy_list_keeps_its_blank_lines() -> None:
    assert rows("1. first\n\n   more\n2. second") == ["1. first", "", "   more", "", "2. second"]


def test_tasks_show_their_boxes() -> None:
    assert rows("- [ ] open\n- [X] done\n- [y] neither") == [
        "[ ] open",
        "[x] done",
        "• [y] neither",
    ]


def test_quotes_are_muted_and_two_columns_in() -> None:
    assert rows("> said\n>\n> > again") == ["  said", "", "    again"]
    assert styles("> said", "said") == {"$muted"}


def test_the_lines_of_a_paragraph_stay_as_written() -> None:
    assert rows("roses\nviolets  \nsugar\\\nend") == ["roses", "violets", "sugar", "end"]


def test_code_stands_between_two_rules() -> None:
    assert rows("text\n```rust\nlet a = 1;\n\nb();\n```\nafter", 20) == [
        "text",
        "rust ───────────────",
        "  let a = 1;",
        "",
        "  b();",
        "────────────────────",
        "after",
    ]
    assert rows("    indented\n\ttabbed", 12) == ["─" * 12, "  indented", "  tabbed", "─" * 12]


def test_code_that_is_not_closed_yet_is_code_already() -> None:
    assert rows("```\nx", 10) == ["─" * 10, "  x", "─" * 10]


def test_code_takes_the_whole_window_when_it_needs_it() -> None:
    drawn = rows("```\n" + "x" * 25 + "\n```\n\nprose " * 2, 20, full=40)
    assert drawn[0] == "─" * 27
    assert drawn[1] == "  " + "x" * 25
    assert rows("```\n" + "x" * 25 + "\n```", 20)[1:3] == ["  " + "x" * 18, "  " + "x" * 7]


def test_code_is_coloured_and_kept_to_the_letter() -> None:
    code = 'def f(x):\n    """doc\n    more"""\n    return 12  # why'
    text = f"```python\n{code}\n```"
    assert [row[2:] for row in rows(text)[1:-1]] == code.split("\n")
    assert styles(text, "return") == {"$accent"}
    assert styles(text, "more") == {"$code-string"}
    assert styles(text, "12") == {"$code-number"}
    assert styles(text, "# why") == {"$muted"}
    assert rows("```no-such-language\nx [bold]y[/]\n```")[1] == "  x [bold]y[/]"


TABLE = """\
| Way | Cost | Take it when |
|:----|-----:|--------------|
| `clone()` | 10 | the thread changes its own copy |
| `Arc` | 2 | several threads only read |
"""


def test_tables_have_one_rule_and_align() -> None:
    assert rows(TABLE, 80) == [
        "Way       Cost   Take it when",
        "─" * 48,
        "clone()     10   the thread changes its own copy",
        "Arc          2   several threads only read",
    ]
    assert styles(TABLE, "Way") == {"bold $foreground"}


def test_the_widest_column_wraps() -> None:
    assert rows(TABLE, 36) == [
        "Way       Cost   Take it when",
        "─" * 36,
        "clone()     10   the thread changes",
        "                 its own copy",
        "Arc          2   several threads",
        "                 only read",
    ]


def test_a_table_too_narrow_for_columns_becomes_records() -> None:
    assert rows(TABLE, 24) == [
        "clone()",
        "  Cost 10",
        "  Take it when the",
        "  thread changes its own",
        "  copy",
        "Arc",
        "  Cost 2",
        "  Take it when several",
        "  threads only read",
    ]


def test_formulas_are_left_as_written() -> None:
    for formula in (r"\(a_1 * b_2 * c\)", r"\[x_1 \] y", "$$a * b * c$$ y", "$x_1 * y * z_2$"):
        assert rows(f"so {formula}", 80) == [f"so {formula}"]
    assert rows("it costs $5 *or* $6") == ["it costs $5 or $6"]
    block = "\\[\n- a_1\n= b * c * d\n\\]"
    assert rows(f"with\n{block}\nfollows") == ["with", "", *block.split("\n"), "", "follows"]
    assert rows("$$\nnever closed\n\n- list") == ["$$", "never closed", "", "• list"]


def test_html_and_definitions_are_text() -> None:
    assert rows("<b>x</b> <br> [bold]y[/]") == ["<b>x</b> <br> [bold]y[/]"]
    assert rows("[a]: https://x.org") == ["[a]: https://x.org"]


def test_nothing_in_an_answer_can_steer_the_terminal() -> None:
    assert rows("a\x1b[31mred\x07 \x9b2J \u202eback", 60) == [r"a␛[31mred␇ \x9b2J \u202eback"]
    assert rows("`\x1b`\n\n    \x1b[0m\n\n&#155;2J", 20) == [
        "␛",
        "─" * 20,
        "  ␛[0m",
        "─" * 20,
        "�2J",
    ]
    assert rows("```\x1b]0;x\x07\ny\n```", 20)[0] == "␛]0;x␇ " + "─" * 13


def test_chinese_breaks_between_characters_but_not_before_punctuation() -> None:
    assert rows("所以闭包必须拥有它用到的一切，之后", 12) == [
        "所以闭包必须",
        "拥有它用到的",
        "一切，之后",
    ]
    assert rows("一二三四五，六", 10) == ["一二三四", "五，六"]
    assert rows("一二三四「五六」", 10) == ["一二三四", "「五六」"]


def test_chinese_emphasis_may_end_in_punctuation() -> None:
    assert rows("**注意：**请看") == ["注意：请看"]
    assert styles("**注意：**请看", "注意：") == {"bold $strong"}


def test_a_grapheme_is_never_split() -> None:
    family, flag, accent = "👩‍👩‍👧", "🇩🇪", "e\u0301"
    for grapheme in (family, accent, "❤️"):
        for row in rows(grapheme * 30, 11):
            assert row.replace(grapheme, "") == ""
    assert all(row.count("🇩") == row.count("🇪") for row in rows(f"{flag} " * 30, 11))


def test_a_long_word_is_cut_where_the_line_is_full() -> None:
    assert rows("see https://example.org/a/long/path", 12) == [
        "see",
        "https://exam",
        "ple.org/a/lo",
        "ng/path",
    ]


def test_lines_carry_no_colours_of_their_own() -> None:
    text = f"# a\n\n*b* `c` [d](e)\n\n{TABLE}\n> q\n\n```python\nx = 'y'\n```\n---\n- z"
    found = {str(span.style) for row in Document(Space(60, 60)).update(text) for span in row.spans}
    assert not any("#" in style for style in found)


def test_an_empty_answer_has_no_lines() -> None:
    assert Document(Space(20, 20)).update("") == []
    assert Document(Space(20, 20)).update("\n \n") == []
    assert rows("-") == ["•"]
    assert isinstance(Document(Space(20, 20)).update("x")[0], Content)


def test_code_that_runs_on_moves_to_the_side_whole() -> None:
    code = "```\n0123456789abcdefghij\nshort\n\n```"
    assert rows(code, 12, across=0)[1:-1] == ["  012345678…", "  short", ""]
    assert rows(code, 12, across=8)[1:-1] == ["  …9abcdefg…", "  …", ""]
    assert rows(code, 12, across=99)[1:-1] == ["  …bcdefghij", "  …", ""]


def test_half_of_a_wide_character_at_a_cut_is_a_space() -> None:
    code = "```\n中文中文中文中文\n```"
    assert rows(code, 12, across=0)[1] == "  中文中文 …"
    assert rows(code, 12, across=2)[1] == "  … 中文中 …"
    assert rows(code, 12, across=5)[1] == "  …文中文中…"
    assert rows(code, 12, across=99)[1] == "  … 中文中文"


def test_a_long_word_runs_on_too_and_leaves_other_lines_where_they_are() -> None:
    text = "see https://example.org/long now"
    assert rows(text, 12, across=0) == ["see", "https://exa…", "now"]
    assert rows(text, 12, across=40) == ["see", "…le.org/long", "now"]
