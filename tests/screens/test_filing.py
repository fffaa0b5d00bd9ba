"""Commands that say where a conversation goes."""

from pathlib import Path

from fake_ollama import FakeOllama
from user import chatting


async def test_another_model_by_its_name(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/model gemma3")
        await user.until(lambda: user.chats.model == "gemma3:4b")
        await user.ask("/model gemma4")
        await user.until(lambda: user.told)
        assert "There is no model gemma4 on local." in user.said
        assert user.session.model == "gemma3:4b"


async def test_a_new_chat_with_a_model(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/new qwen3:8b")
        await user.sees_soon("Ask qwen3:8b anything.")
        assert len(user.chats.desk.tabs.ids) == 2


async def test_clear_begins_afresh_with_the_same_settings(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter temperature 0.2")
        await user.ask("/set system Be brief.")
        await user.ask_and_hear("Cats")
        await user.ask("/clear")
        await user.until(lambda: not user.session.messages)
        assert user.session.options == {"temperature": 0.2}
        assert user.session.system == "Be brief."
        assert len(user.chats.desk.tabs.ids) == 2


async def test_load_takes_a_model_or_a_title(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats are fine")
        await user.ask("/set format json")
        await user.ask("/load qwen3:8b")
        await user.until(lambda: user.session.model == "qwen3:8b")
        assert user.session.format == "json"
        assert not user.session.messages
        await user.ask("/close")
        await user.ask("/load cats")
        await user.until(lambda: user.session.title == "Cats are fine")
        await user.ask("/load dogs")
        await user.until(lambda: any("no conversation dogs" in each for each in user.told))


async def test_save_makes_a_model_and_says_of_what(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter seed 4")
        await user.ask_and_hear("Cats")
        await user.ask("/save mine")
        await user.until(lambda: "mine:latest" in fake.models)
        made = "Made mine:latest of llama3.2:3b: 1 option, 2 messages. This chat goes on as it is."
        await user.until(lambda: made in user.told)
        assert fake.made_of["mine:latest"]["parameters"] == {"seed": 4}
        assert fake.made_of["mine:latest"]["messages"][0]["content"] == "Cats"


async def test_save_keeps_what_its_model_already_begins_with(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/save mine")
        await user.until(
            lambda: any(
                "mine" in each.name for each in user.worker.hosts.status("local").models or ()
            )
        )
        await user.ask("/load mine")
        await user.until(lambda: user.session.model == "mine:latest")
        await user.ask_and_hear("Dogs")
        await user.ask("/save mine2")
        await user.until(lambda: "mine2:latest" in fake.models)
        told = [each["content"] for each in fake.made_of["mine2:latest"]["messages"]]
        assert (told[0], told[2]) == ("Cats", "Dogs")


async def test_save_refuses_a_name_that_is_none(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/save bad name")
        await user.until(lambda: user.told)
        assert "bad name is not a model name" in user.said
        assert len(user.session.messages) == 2


async def test_save_asks_before_it_replaces_a_model(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/save gemma3:4b")
        await user.sees_soon("There is a gemma3:4b already.")
        await user.press("enter")
        await user.rest()
        assert "gemma3:4b" not in fake.made_of


async def test_save_keeps_the_conversation_when_the_server_fails(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.errors["/api/create"] = (500, "no space left on device")
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/save mine")
        await user.until(lambda: user.told)
        assert "no space left" in user.said
        assert len(user.session.messages) == 2


async def test_list_finds_models_by_their_letters(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/list gem")
        await user.sees_soon("1 of 3")
        assert user.sees("gemma3:4b")
        assert not user.sees("qwen3:8b")


async def test_rename_and_pin(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/rename All about cats")
        await user.ask("/pin")
        await user.rest()
        [session] = user.stored()
        assert session.title == "All about cats"
        assert session.pinned


async def test_delete_and_undelete(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/new")
        await user.sees_soon("Ask llama3.2:3b anything.")
        await user.ask_and_hear("Dogs")
        await user.ask("/delete")
        await user.until(lambda: user.session.title == "Cats")
        await user.ask("/undelete")
        await user.until(lambda: user.session.title == "Dogs")
        await user.ask("/undelete")
        await user.until(lambda: "Nothing was deleted" in user.said)


async def test_load_brings_the_model_into_memory_as_it_will_be_asked(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter num_ctx 8192")
        await user.ask("/set parameter seed 7")
        await user.ask("/load qwen3:8b")
        await user.until(lambda: any(path == "/api/generate" for _how, path, _body in fake.asked))
        (body,) = [body for _how, path, body in fake.asked if path == "/api/generate"]
        assert body == {"model": "qwen3:8b", "options": {"num_ctx": 8192}}


async def test_the_model_names_this_chat(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("What whistles?")
        fake.reply = "Whistling Marmots"
        await user.ask("/title")
        await user.until(lambda: "Whistling Marmots" in user.screen[1])


async def test_models_name_new_chats_where_the_user_wants_that(
    fake: FakeOllama, tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('titles = "model"')
    fake.reply = "Whistling Marmots"
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("What whistles?")
        await user.until(lambda: user.session.title == "Whistling Marmots")
        fake.reply = "Something else"
        await user.ask_and_hear("And what else?")
        assert user.session.title == "Whistling Marmots"
        assert fake.replies == 3
