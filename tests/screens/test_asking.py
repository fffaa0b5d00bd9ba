"""Questions and answers, as the one at the keyboard has them."""

from pathlib import Path

from fake_ollama import FakeOllama
from user import chatting

LONG = "word " * 400


async def test_a_question_is_answered_and_kept(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "Hello, **you**."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi there")
        assert user.sees("Hi there")
        assert user.sees("Hello, you.")
        assert user.prompt == ""
        [session] = user.stored()
        assert session.title == "Hi there"
        assert [m.content for m in session.messages] == ["Hi there", "Hello, **you**."]


async def test_an_answer_shows_while_it_comes(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "First words, then more."
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Hi")
        await user.begins("Firs")
        assert user.sees("answering")
        assert not user.sees("then more")
        fake.hold.set()
        await user.rest()
        assert user.sees("First words, then more.")
        assert not user.sees("answering")


async def test_ctrl_c_stops_an_answer_and_keeps_it(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = LONG
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Hi")
        await user.begins()
        await user.press("ctrl+c")
        await user.rest()
        assert user.sees("stopped")
        assert user.app.is_running
        assert user.stored()[0].messages[-1].state == "stopped"
        await user.until(lambda: fake.hung_up)


async def test_c_goes_on_where_the_answer_ended(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "One two three."
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Count")
        await user.begins()
        await user.press("ctrl+c", "escape")
        fake.reply, begun = " and on.", user.last.content
        fake.hold.set()
        await user.press("c")
        await user.rest()
        assert user.last.content == begun + " and on."
        assert user.last.state == "complete"
        assert user.sees("‹2/2›")


async def test_r_answers_again_and_arrows_walk_the_answers(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "The first answer."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        fake.reply = "The second answer."
        await user.press("escape", "r")
        await user.rest()
        assert user.sees("‹2/2›")
        assert user.sees("The second answer.")
        await user.press("left")
        await user.sees_soon("The first answer.")
        assert user.sees("‹1/2›")
        await user.press("right")
        await user.sees_soon("The second answer.")
        await user.press("right")
        await user.sees_soon("‹1/2›")


async def test_e_asks_an_earlier_question_in_other_words(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        fake.reply = "Of cats."
        await user.ask_and_hear("Tell me of cats")
        fake.reply = "More."
        await user.ask_and_hear("More")
        await user.press("escape", "k", "k", "k", "e")
        assert user.prompt == "Tell me of cats"
        await user.press(*["backspace"] * 4)
        fake.reply = "Of dogs."
        await user.ask_and_hear("dogs")
        assert [m.content for m in user.session.branch()] == ["Tell me of dogs", "Of dogs."]
        assert len(user.stored()[0].messages) == 6
        await user.press("escape", "k", "left")
        await user.sees_soon("Of cats.")
        assert user.sees("More")


async def test_who_empties_the_prompt_asks_anew(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("One")
        await user.press("escape", "k", "e")
        assert user.sees("in other words; the old question stays beside it")
        await user.press("ctrl+u")
        await user.pilot.pause()
        assert not user.sees("in other words")
        await user.ask_and_hear("Two")
        questions = [m.content for m in user.session.branch() if m.role == "user"]
        assert questions == ["One", "Two"]


async def test_an_edit_may_go_to_another_model(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("One")
        await user.press("escape", "k", "e", "ctrl+o")
        await user.sees_soon("Model for this chat")
        await user.type("gemma")
        await user.press("enter")
        await user.until(lambda: user.app.focused is user.chats.pane.prompt)
        assert user.prompt == "One"
        await user.press("enter")
        await user.rest()
        assert [m.content for m in user.session.branch() if m.role == "user"] == ["One"]
        assert user.last.model == "gemma3:4b"


async def test_a_server_that_dies_leaves_what_it_said(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = LONG
    fake.drop_after = 20
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        assert user.sees("interrupted")
        assert user.sees("esc c continue")
        assert user.stored()[0].messages[-1].content == LONG[:80]


async def test_an_error_of_the_server_can_be_read(fake: FakeOllama, tmp_path: Path) -> None:
    fake.errors["/api/chat"] = (500, "model requires more system memory")
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        assert user.sees("failed")
        assert user.sees("model requires more system memory")
        del fake.errors["/api/chat"]
        fake.reply = "It works."
        await user.press("escape", "r")
        await user.rest()
        assert user.sees("It works.")


async def test_y_copies_the_answer_and_Y_its_code(  # noqa: N802 - the key is Y
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "So:\n\n```python\nprint(1)\n```\n"
    kept = tmp_path / "state" / "last-copy.txt"
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.press("escape", "y")
        await user.rest()
        assert kept.read_text() == fake.reply
        assert "OSC 52" in user.said
        assert str(kept) in user.said
        await user.press("Y")
        await user.rest()
        assert kept.read_text().strip() == "print(1)"


async def test_up_and_down_walk_what_was_sent_in_all_chats(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("one")
        await user.press("ctrl+n")
        await user.ask_and_hear("two")
    async with chatting(tmp_path, fake.url) as user:
        await user.type("draft")
        await user.press("up")
        assert user.prompt == "two"
        await user.press("up")
        assert user.prompt == "one"
        await user.press("up")
        assert user.prompt == "one"
        await user.press("down", "down")
        assert user.prompt == "draft"


async def test_thinking_is_folded_and_t_unfolds_it(fake: FakeOllama, tmp_path: Path) -> None:
    fake.thinking = "First, let me see.\n\nThen the second thing, hidden."
    for model in fake.models.values():
        model["capabilities"].append("thinking")
    fake.reply = "Done."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        assert user.sees("▸ thought")
        await user.press("escape", "t")
        await user.sees_soon("     Then the second thing, hidden.")


async def test_an_answer_is_corrected_beside_what_the_model_said(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Paris is in Spain."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Where is Paris?")
        await user.press("escape", "e")
        await user.sees_soon("corrected by you; what the model said stays beside it")
        await user.press(*["backspace"] * 6)
        await user.ask("France.")
        await user.sees_soon("‹2/2›")
        assert user.last.content == "Paris is in France."
        assert user.last.model == "llama3.2:3b"
        assert user.last.stats is None
        assert fake.replies == 1
        fake.reply = "Yes."
        await user.ask_and_hear("Sure?")
        asked = [body for _how, path, body in fake.asked if path == "/api/chat"]
        assert asked[-1]["messages"][1]["content"] == "Paris is in France."


async def test_a_corrected_answer_may_begin_with_a_slash(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "bye"
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Which path?")
        await user.press("escape", "e", "home", "/", "enter")
        await user.until(lambda: user.last.content == "/bye")


async def test_three_quotes_are_no_part_of_what_they_hold_together(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask('"""One')
        await user.ask("two")
        await user.ask_and_hear('"""')
        assert user.session.branch()[0].content == "One\ntwo"
        await user.ask_and_hear('"""/bye"""')
        assert user.session.branch()[2].content == "/bye"


async def test_esc_pressed_twice_goes_on_browsing(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("escape", "escape", "k")
        assert user.chats.pane.reading.transcript.has_focus
        assert user.prompt == ""
        await user.press("i", "x")
        await user.until(lambda: user.prompt == "x")


async def test_a_draft_outlives_the_edit_of_an_earlier_question(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.type("my long draft")
        await user.press("escape", "k", "e")
        prompt = user.chats.pane.prompt
        await user.until(lambda: prompt.text == "Cats")
        [draft] = user.chats.desk.tabs.drafts.values()
        assert draft == "Cats\n\nmy long draft"  # what would be there after a crash
        await user.type("!")
        await user.press("enter")
        await user.until(lambda: prompt.text == "my long draft")
        await user.rest()
        assert user.session.branch()[0].content == "Cats!"
        await user.press("escape", "k", "e")
        await user.until(lambda: prompt.text == "Cats!")
        await user.press("ctrl+u")
        await user.until(lambda: prompt.text == "my long draft")


async def test_drafts_of_several_new_chats_are_all_there_after_a_start(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        for text in ("draft A", "draft B"):
            await user.press("ctrl+n")
            await user.type(text)
            await user.press("ctrl+r", "escape")
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+n")
        kept = user.chats.desk.tabs.drafts.values()
        assert all(any(text in each for each in kept) for text in ("draft A", "draft B"))
