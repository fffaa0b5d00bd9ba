"""The list of all conversations."""

from pathlib import Path

from fake_ollama import FakeOllama
from user import User, chatting


async def three_chats(user: User) -> None:
    for text in ("Cats", "Dogs", "Birds"):
        await user.ask_and_hear(text)
        await user.press("ctrl+n")


async def the_list(user: User) -> None:
    await user.press("ctrl+r")
    await user.until(lambda: user.sees("Sessions") and user.app.focused is user.chats.drawer.list)


async def test_ctrl_r_opens_the_list_and_closes_it(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await three_chats(user)
        await the_list(user)
        assert user.sees("Cats")
        assert user.sees("enter open")
        assert user.sees("Ask llama3.2:3b anything.")
        await user.press("ctrl+r")
        await user.pilot.pause()
        assert not user.sees("Sessions")
        await user.type("typed at once")
        assert user.prompt == "typed at once"


async def test_enter_opens_a_conversation(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await three_chats(user)
        await user.press("escape", "<", "escape", "x")
        await the_list(user)
        await user.type("/bird")
        await user.pilot.pause()
        assert "Dogs" not in user.screen[8]
        await user.press("enter")
        await user.pilot.pause()
        assert user.session.title == "Birds"
        assert not user.sees("Sessions")
        assert user.app.focused is user.chats.pane.prompt


async def test_letters_find_titles(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await three_chats(user)
        await the_list(user)
        await user.type("/qqq")
        await user.sees_soon('Nothing matches "qqq"')
        await user.press("escape")
        await user.sees_soon("Birds")
        assert user.chats.drawer.list.has_focus


async def test_r_gives_another_title(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await the_list(user)
        await user.press("r")
        await user.press("ctrl+u")
        await user.type("On whiskers")
        await user.press("enter")
        await user.rest()
        assert user.stored()[0].title == "On whiskers"
        assert "On whiskers" in user.screen[1]
        assert user.chats.drawer.list.has_focus


async def test_p_pins_and_the_pinned_comes_first(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await three_chats(user)
        await the_list(user)
        await user.press("G", "p")
        await user.rest()
        assert [session.title for session in user.stored() if session.pinned] == ["Cats"]
        assert user.chats.drawer.list.keys[0] == user.stored()[0].id
        await user.press("g", "p")
        await user.rest()
        assert not any(session.pinned for session in user.stored())


async def test_d_deletes_and_u_brings_it_back(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await three_chats(user)
        await the_list(user)
        await user.press("G", "d")
        await user.rest()
        assert [session.title for session in user.stored()] == ["Dogs", "Birds"]
        assert "Cats" not in user.screen[1]
        assert user.sees("u undo")
        assert user.chats.drawer.list.has_focus
        await user.press("u")
        await user.rest()
        assert [session.title for session in user.stored()] == ["Cats", "Dogs", "Birds"]
        assert not user.sees("u undo")


async def test_the_list_marks_what_goes_on(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Cats")
        await user.begins()
        await the_list(user)
        assert any("Cats" in row and "●" in row for row in user.screen[2:])
        fake.hold.set()
        await user.rest()
        await user.until(lambda: not any("●" in row for row in user.screen[2:]), "no mark")


async def test_it_takes_the_whole_body_of_a_small_window(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url, size=(60, 20)) as user:
        await user.ask_and_hear("Cats")
        await the_list(user)
        assert not user.sees("Memory")
        await user.press("escape")
        await user.pilot.pause()
        assert user.app.focused is user.chats.pane.prompt


async def test_without_conversations_it_says_so(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await the_list(user)
        await user.sees_soon("Nothing here yet. ^N")
        await user.press("n")
        await user.pilot.pause()
        assert not user.sees("Sessions")


async def test_a_puts_a_conversation_away_and_shift_a_shows_what_is(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await three_chats(user)
        await the_list(user)
        await user.press("G", "a")
        await user.rest()
        assert [session.title for session in user.stored() if session.archived] == ["Cats"]
        drawer = user.chats.drawer
        assert len(drawer.list.keys) == 2
        assert "A shows what is" in user.said
        await user.press("A")
        await user.sees_soon("Archived")
        assert len(drawer.list.keys) == 3
        await user.press("G", "a")
        await user.rest()
        assert not any(session.archived for session in user.stored())
        await user.press("g", "a", "A", *"/cats")
        await user.sees_soon("Cats")


async def test_tags_are_shown_and_found(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await three_chats(user)
        await the_list(user)
        await user.press("G", "T")
        await user.type("#pets whiskers pets")
        await user.press("enter")
        await user.rest()
        assert user.stored()[0].tags == ["pets", "whiskers"]
        await user.sees_soon("Cats #pets #whiskers")
        await user.type("/#whisk")
        await user.pilot.pause()
        assert user.chats.drawer.list.keys == [user.stored()[0].id]
        await user.press("escape", "G", "T", "ctrl+u", "enter")
        await user.rest()
        assert user.stored()[0].tags == []


async def test_t_lets_the_model_find_a_title(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await three_chats(user)
        await user.press("escape", "<", "escape", "x")
        await the_list(user)
        fake.reply = "Feathered Friends"
        await user.press("g", "t")
        await user.sees_soon("Feathered Friends")
        await user.rest()
        assert [session.title for session in user.stored()] == ["Cats", "Dogs", "Feathered Friends"]
        fake.reply = ""
        await user.press("t")
        await user.until(lambda: "gave no title" in user.said)


async def test_texts_are_found_below_the_titles(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "They have whiskers."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("ctrl+n")
        fake.reply = "They bark."
        await user.ask_and_hear("Dogs")
        await the_list(user)
        await user.type("/whisk")
        await user.sees_soon("In the text")
        await user.sees_soon("They have whiskers.")
        assert not user.sees("Nothing matches")
        await user.press("enter")
        await user.until(lambda: user.session.title == "Cats")


async def test_what_was_found_follows_another_title_and_a_deletion(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url, size=(100, 40)) as user:
        fake.reply = "They have whiskers."
        await user.ask_and_hear("Cats")
        await user.press("ctrl+n")
        await user.ask_and_hear("Mice")
        await the_list(user)
        await user.type("/whisk")
        await user.sees_soon("In the text")
        drawer = user.chats.drawer
        drawer.list.focus()
        await user.press("g", "r", "ctrl+u", *"Rodents", "enter")
        await user.until(lambda: drawer.list.has_focus, "the list")
        found = [row[:36] for row in user.screen[2:]]
        assert any("Rodents" in row for row in found)
        assert not any("Mice" in row for row in found)
        await user.press("g", "d")
        await user.until(lambda: len(drawer.list.keys) == 1, "one result")
        assert user.sees("Cats")
        await user.press("u")
        await user.until(lambda: len(drawer.list.keys) == 2, "both results")


async def test_words_of_a_text_are_not_buried_under_letters_of_titles(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "They purr."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("ctrl+n")
        fake.reply = "Of words."
        await user.ask_and_hear("A plum of a turtle, or a bear")
        await the_list(user)
        await user.type("/purr")
        await user.sees_soon("In the text")
        assert len(user.chats.drawer.list.keys) == 1
        await user.press("ctrl+u")
        await user.type("plmtrtl")
        await user.until(lambda: not user.sees("In the text"))
        assert user.chats.drawer.list.keys == [user.stored()[1].id]
