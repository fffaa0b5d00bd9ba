"""Several conversations at once, kept from one start of the program to the next."""

from pathlib import Path

from fake_ollama import FakeOllama
from tui.domain.start import Start
from user import User, chatting


async def two_chats(user: User, fake: FakeOllama) -> None:
    """Two answered conversations, the second on top."""
    fake.reply = "Of cats."
    await user.ask_and_hear("Cats")
    await user.press("ctrl+n")
    fake.reply = "Of dogs."
    await user.ask_and_hear("Dogs")


async def test_a_new_chat_is_a_tab_of_its_own(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_chats(user, fake)
        assert user.screen[1].split() == ["Cats", "Dogs", "<", ">", "tabs"]
        assert user.sees("Of dogs.")
        assert not user.sees("Of cats.")
        assert len(user.stored()) == 2


async def test_a_second_new_chat_is_the_same_as_long_as_it_is_empty(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+n", "ctrl+n", "ctrl+n")
        assert len(user.chats.desk.tabs.ids) == 1


async def test_angle_brackets_turn_to_the_tabs_beside(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_chats(user, fake)
        await user.press("escape", "<")
        await user.sees_soon("Of cats.")
        await user.press(">")
        await user.sees_soon("Of dogs.")
        await user.press(">")
        await user.sees_soon("Of cats.")


async def test_a_key_after_another_tab_is_no_text(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_chats(user, fake)
        await user.press("escape", "<", ">", "<", "x", "3")
        await user.until(lambda: user.app.current_mode == "downloads", "the downloads")
        await user.press("1")
        await user.sees_soon("Of dogs.")
        assert user.prompt == ""


async def test_an_answer_that_ended_out_of_sight_is_marked(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Cats")
        await user.begins()
        await user.press("ctrl+n")
        assert "Cats ●" in user.screen[1]
        fake.hold.set()
        await user.rest()
        assert "Cats •" in user.screen[1]
        await user.press("escape", "<")
        await user.pilot.pause()
        assert "•" not in user.screen[1]


async def test_a_closed_tab_keeps_its_reply(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "A whole answer."
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Cats")
        await user.begins()
        await user.press("escape", "x")
        await user.pilot.pause()
        assert "Cats" not in user.screen[1]
        fake.hold.set()
        await user.rest()
        assert user.stored()[0].messages[-1].content == "A whole answer."


async def test_each_tab_has_a_draft_of_its_own(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_chats(user, fake)
        await user.type("more of dogs")
        await user.press("escape", "<")
        await user.pilot.pause()
        assert user.prompt == ""
        assert "Dogs *" in user.screen[1]
        await user.press("i")
        await user.type("more of cats")
        await user.press("escape", ">")
        await user.pilot.pause()
        assert user.prompt == "more of dogs"


async def test_the_next_start_finds_tabs_and_drafts(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_chats(user, fake)
        await user.type("more of dogs")
        await user.press("escape", "<", "i")
        await user.type("more of cats")
    async with chatting(tmp_path, fake.url) as user:
        assert user.screen[1].split() == ["Cats", "Dogs", "*", "<", ">", "tabs"]
        assert user.sees("Of cats.")
        assert user.prompt == "more of cats"
        await user.press("escape", ">")
        await user.pilot.pause()
        assert user.prompt == "more of dogs"


async def test_the_draft_of_a_chat_never_sent_is_found_again(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_chats(user, fake)
        await user.press("ctrl+n")
        await user.type("of birds")
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+n")
        await user.pilot.pause()
        assert user.prompt == "of birds"


async def test_the_draft_of_the_only_chat_is_there_at_once(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("of birds")
    async with chatting(tmp_path, fake.url) as user:
        assert user.prompt == "of birds"


async def test_closing_the_last_tab_leaves_a_new_chat(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("escape", "x")
        await user.pilot.pause()
        assert user.screen[1].split() == ["new", "chat"]
        assert user.sees("Ask llama3.2:3b anything.")
        await user.type("x")
        assert user.prompt == "x"


async def test_a_session_named_at_the_start_is_on_top(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_chats(user, fake)
        cats = user.chats.desk.tabs.ids[0]
        await user.press("escape", "x", "escape", "x")
    async with chatting(tmp_path, fake.url, Start(session=cats)) as user:
        assert user.sees("Of cats.")
    async with chatting(tmp_path, fake.url, Start(session="nothing")) as user:
        assert "There is no conversation nothing" in user.said


async def test_a_start_with_model_and_prompt_asks_at_once(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "Right away."
    start = Start(model="gemma3:4b", prompt="Hi")
    async with chatting(tmp_path, fake.url, start) as user:
        await user.sees_soon("Right away.")
        await user.rest()
        assert user.stored()[0].model == "gemma3:4b"


async def test_a_start_with_a_prompt_asks_the_model_last_used(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Right away."
    async with chatting(tmp_path, fake.url, Start(prompt="Hi")) as user:
        await user.sees_soon("Right away.")


async def test_a_model_that_is_there_no_more_is_not_taken_for_a_new_chat(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url, Start(model="gemma3:4b")) as user:
        await user.ask_and_hear("Hi")
        assert user.chats.model == "gemma3:4b"
    del fake.models["gemma3:4b"]
    async with chatting(tmp_path, fake.url) as user:
        await user.until(lambda: user.worker.hosts.status("local").models)
        await user.press("ctrl+n")
        await user.pilot.pause()
        assert user.chats.model == "llama3.2:3b"


async def test_a_session_of_another_program_can_be_read_and_keeps_what_is_typed(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as first:
        await first.ask_and_hear("Cats")
        async with chatting(tmp_path, fake.url) as second:
            assert second.sees("Cats")
            await second.ask("Mine")
            await second.pilot.pause()
            assert second.prompt == "Mine"
            assert "is open in another program" in second.said
            assert len(second.stored()[0].messages) == 2


async def test_each_tab_is_found_where_it_was_left_also_at_the_next_start(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        fake.reply = "\n".join(f"{n}. cat" for n in range(1, 61))
        await user.ask_and_hear("Cats")
        await user.press("escape", "g", "pagedown")
        await user.sees_soon("below")
        left = user.screen[3:-5]
        await user.press("enter", "ctrl+n")
        fake.reply = "\n".join(f"{n}. dog" for n in range(1, 61))
        await user.ask_and_hear("Dogs")
        await user.sees_soon("60. dog")
        await user.press("escape", "<")
        await user.until(lambda: user.screen[3:-5] == left, "cats where they were")
        await user.press(">")
        await user.sees_soon("60. dog")
        await user.press("<")
    async with chatting(tmp_path, fake.url) as user:
        await user.until(lambda: user.screen[3:-5] == left, "cats where they were")
        await user.press("escape", ">")
        await user.sees_soon("60. dog")
        await user.press("<", "G", ">", "<")
        await user.sees_soon("60. cat")


async def test_what_nobody_has_looked_at_is_still_marked_at_the_next_start(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Cats")
        await user.begins()
        await user.press("ctrl+n")
        await user.ask("Dogs")
        fake.hold.set()
        await user.rest()
        assert "Cats •" in user.screen[1]
    async with chatting(tmp_path, fake.url) as user:
        assert "Cats •" in user.screen[1]
        await user.press("escape", "<")
        await user.pilot.pause()
        assert "•" not in user.screen[1]
