"""Forking a conversation, and deleting in it."""

from pathlib import Path

from fake_ollama import FakeOllama
from user import User, chatting


async def two_turns(user: User, fake: FakeOllama) -> None:
    fake.reply = "Of cats."
    await user.ask_and_hear("Cats")
    fake.reply = "Of dogs."
    await user.ask_and_hear("Dogs")


def texts(user: User) -> list[str]:
    return [m.content for m in user.session.branch()]


async def test_f_forks_a_conversation_up_to_the_chosen_message(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_turns(user, fake)
        await user.press("escape", "k", "k", "f")
        await user.sees_soon("Cats (fork)")
        assert texts(user) == ["Cats", "Of cats."]
        await user.ask_and_hear("Birds")
        assert texts(user)[2] == "Birds"
        old, new = sorted(user.stored(), key=lambda session: session.created_at)
        assert len(old.messages) == 4
        assert new.title == "Cats (fork)"


async def test_slash_fork_takes_all_of_it(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_turns(user, fake)
        await user.ask("/fork")
        await user.sees_soon("Cats (fork)")
        assert texts(user) == ["Cats", "Of cats.", "Dogs", "Of dogs."]


async def test_a_running_answer_is_forked_from_its_question(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_turns(user, fake)
        fake.hold.clear()
        await user.ask("Birds")
        await user.begins()
        await user.press("escape", "d")
        await user.pilot.pause()
        assert len(texts(user)) == 5
        await user.press("f")
        await user.sees_soon("Cats (fork)")
        assert texts(user)[-1] == "Birds"


async def test_d_deletes_what_follows_too_and_u_brings_it_back(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_turns(user, fake)
        await user.press("escape", "k", "d")
        await user.rest()
        assert texts(user) == ["Cats", "Of cats."]
        assert [m.content for m in user.stored()[0].messages] == ["Cats", "Of cats."]
        assert "2 messages" in user.said
        assert not user.sees("Of dogs.")
        await user.press("d", "u", "u")
        await user.rest()
        assert texts(user) == ["Cats", "Of cats.", "Dogs", "Of dogs."]
        assert len(user.stored()[0].messages) == 4


async def test_a_deleted_answer_gives_way_to_its_sibling(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        fake.reply = "Of other cats."
        await user.press("escape", "r")
        await user.rest()
        await user.press("d")
        await user.rest()
        assert texts(user)[1] != "Of other cats."
        assert not user.sees("‹")


async def test_the_whole_conversation_is_not_deleted_here(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("escape", "g", "d")
        await user.rest()
        assert len(texts(user)) == 2
        assert "whole conversation" in user.said


async def test_a_closed_tab_forgets_what_was_deleted(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await two_turns(user, fake)
        await user.press("escape", "d", "x")
        await user.pilot.pause()
        await user.press("ctrl+r")
        await user.sees_soon("Cats")
        await user.press("enter")
        await user.pilot.pause()
        await user.press("escape", "u")
        await user.rest()
        assert texts(user) == ["Cats", "Of cats.", "Dogs"]
