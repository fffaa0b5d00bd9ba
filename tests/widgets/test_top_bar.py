from tui.widgets.top_bar import TopBar, TopLine

FULL = TopLine(
    screen="Models", host="gpu-box-1", host_state="up", model="llama3:8b",
    pulls_active=2, pulls_fraction=0.31, vram=18_200_000_000, vram_total=24_000_000_000,
)  # fmt: skip


def drawn(width: int, value: TopLine = FULL) -> str:
    bar = TopBar()
    bar.set_reactive(TopBar.value, value)
    (only,) = bar.draw(width, 1)
    assert only.cell_length == width
    return only.plain


def test_a_wide_bar_names_all_screens_and_draws_the_memory() -> None:
    text = drawn(120)
    assert text.startswith(" 1 Chats   2 Models   3 Downloads   4 Hosts ")
    assert text.endswith("↓ 2 · 31 %   ● gpu-box-1   llama3:8b   VRAM ━━━━━━── 18.2/24.0 GB ")


def test_every_bar_with_room_says_when_all_downloads_are_done() -> None:
    timed = FULL._replace(pulls_left=161.0, vram_total=None)
    assert "↓ 2 · 31 % · 2:41   ● gpu-box-1" in drawn(120, timed)
    assert "↓ 2 · 31 % · 2:41   ● gpu-box-1" in drawn(80, timed)
    assert drawn(56, timed).endswith(" ↓ 2 · 31 % · 2:41 ")
    assert drawn(40, timed).endswith(" ↓ 2 · 31 % ")
    assert "↓ 2 · 31 %   ●" in drawn(120, timed._replace(model="a-model-with-a-long-name:latest"))


def test_a_middle_bar_names_all_screens_where_host_and_model_leave_room() -> None:
    value = TopLine(screen="Chats", host="embedded", host_state="up", model="smollm2:135m")
    text = drawn(80, value)
    assert text.startswith(" 1 Chats   2 Models   3 Downloads   4 Hosts ")
    assert text.endswith(" ● embedded   smollm2:135m ")


def test_names_of_other_screens_give_way_to_their_numbers_and_those_to_what_serves() -> None:
    text = drawn(80)
    assert text.startswith(" 1   2 Models   3   4  ")
    assert text.endswith("↓ 2 · 31 %   ● gpu-box-1   llama3:8b   VRAM 18.2/24.0 GB ")
    text = drawn(80, FULL._replace(pulls_left=161.0))
    assert text.startswith(" 2 Models  ")
    assert text.endswith("↓ 2 · 31 % · 2:41   ● gpu-box-1   llama3:8b   VRAM 18.2/24.0 GB ")


def test_a_narrow_bar_keeps_screen_host_and_model() -> None:
    text = drawn(40, FULL._replace(pulls_active=0))
    assert text.startswith(" 2 Models   ● gpu-box-1   llama3:8b ")
    long = FULL._replace(pulls_active=0, model="a-model-with-a-long-name:latest")
    assert drawn(40, long).endswith("● gpu-box-1   a-model-with-…")


def test_of_a_narrow_bar_pulls_take_the_place_of_the_model() -> None:
    assert drawn(40, FULL._replace(screen="Downloads")) == (
        " 3 Downloads   ● gpu-box-1   ↓ 2 · 31 % "
    )
    assert "llama3:8b    ↓ 2 · 31 %" in drawn(50)
    assert drawn(40, FULL._replace(screen="licence")).startswith(" ● gpu-box-1   llama3:8b  ")


def test_a_total_that_nobody_told_is_left_out() -> None:
    assert drawn(120, FULL._replace(vram_total=None)).endswith("VRAM 18.2 GB ")
    assert "VRAM" not in drawn(120, FULL._replace(vram_total=None, vram=0))


def test_what_is_too_long_gives_way_before_the_host_does() -> None:
    text = drawn(80, FULL._replace(model="hf.co/somebody/a-model-with-a-long-name-GGUF:Q4_K_M"))
    assert "VRAM" not in text
    assert "● gpu-box-1   hf.co/somebody" in text


def test_states_of_a_host_are_words_too() -> None:
    assert "○ gpu-box-1 down" in drawn(80, FULL._replace(host_state="down"))
    assert "○ gpu-box-1 connecting" in drawn(80, FULL._replace(host_state="connecting"))
    assert drawn(80, TopLine(screen="Chats")).endswith(" ○ no server ")
