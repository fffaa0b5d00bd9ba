"""What can be done with models, by keys."""

from pathlib import Path

import pytest
from textual.events import Paste

from fake_ollama import FakeOllama
from scripted_worker import with_hosts
from stage import Stage
from tui.domain.models import Details, LocalModel, RunningModel
from tui.domain.status import HostStatus
from tui.screens.models import ModelsScreen
from tui.screens.models.create import CreatePage
from tui.widgets.modelfile_editor import ModelfileEditor
from tui.widgets.rows import Rows
from tui.worker.worker import Worker
from widget_host import rows, shown


def names(app: Stage) -> list[str]:
    return app.screen.query_one(Rows).keys


def asked(fake: FakeOllama, path: str) -> list[dict[str, object]]:
    return [body for _method, asked, body in fake.asked if asked == path]


async def test_a_model_is_renamed_by_a_copy_that_is_checked(
    fake: FakeOllama, worker: Worker
) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        before, *rest = names(app)
        await pilot.press("R", *"-x", "enter")
        await app.until(lambda: f"{before}-x" in names(app))
        assert {*fake.models} == {f"{before}-x", *rest}


async def test_a_copy_that_is_another_model_costs_nothing(
    fake: FakeOllama, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(source: str, name: str) -> None:
        fake.models[name] = {**fake.models[source], "name": name, "digest": "0" * 64}

    monkeypatch.setattr(fake, "_copy", wrong)
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        before = names(app)[0]
        await pilot.press("R", *"-x", "enter")
        await app.until(lambda: app.told)
        assert f"{before} stays as it is" in app.told[0]
        assert before in fake.models


async def test_a_name_that_another_program_took_meanwhile_costs_no_model(
    fake: FakeOllama, worker: Worker
) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        before = names(app)[0]
        await pilot.press("R", *"-x")
        fake.add_model(f"{before}-x")
        kept = {name: model["digest"] for name, model in fake.models.items()}
        await pilot.press("enter")
        await app.until(lambda: app.told)
        assert app.told == [f"There is a {before}-x already; nothing was done."]
        assert {name: model["digest"] for name, model in fake.models.items()} == kept


async def test_a_cancelled_rename_does_nothing(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        before = {*fake.models}
        await pilot.press("R", *"-x", "escape")
        await pilot.pause()
        assert {*fake.models} == before
        assert not asked(fake, "/api/copy")


async def test_a_model_stays_in_memory_as_long_as_is_said(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("K", *"soon", "enter")
        await app.until(lambda: "soon is no span of time" in shown(app))
        await pilot.press(*["backspace"] * 4, *"-1", "enter")
        await app.until(lambda: "● loaded" in shown(app))
        assert asked(fake, "/api/generate")[-1]["keep_alive"] == -1


async def test_models_are_pulled_again(fake: FakeOllama, worker: Worker) -> None:
    fake.hold.clear()
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("space", "space", "U")
        assert {pull.name for pull in worker.pulls.all()} == {*names(app)[:2]}
        assert app.told == ["2 models are in the queue."]
        fake.hold.set()


async def test_what_has_no_owner_is_not_pushed(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("P")
        assert "has no owner in its name" in app.told[0]
        fake.add_model("me/mine:1b")
        worker.hosts.look("gpu-box-1")
        await app.until(lambda: "me/mine:1b" in names(app))
        await pilot.press("slash", *"mine", "enter", "P")
        await app.until(lambda: asked(fake, "/api/push"))


async def test_what_no_registry_could_name_is_not_pushed_and_stops_no_other(
    fake: FakeOllama, worker: Worker
) -> None:
    fake.add_model("me/not a name:1b")
    fake.add_model("me/mine:1b")
    worker.hosts.look("gpu-box-1")
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: "me/mine:1b" in names(app))
        await pilot.press("slash", *"me/", "enter", "space", "space", "P")
        await app.until(lambda: asked(fake, "/api/push"))
        assert "me/not a name:1b is not a model name" in " ".join(app.told)
        assert "The push of me/mine:1b is in the queue." in app.told


async def test_all_models_are_asked_for_and_the_stale_ones_pulled() -> None:
    models = tuple(LocalModel(name=name) for name in ("a:1b", "b:1b", "c:1b"))
    scripted = with_hosts(HostStatus(name="one", state="up", models=models))
    scripted.updates.newer = {"a:1b", "c:1b"}
    scripted.updates.bad = {"b:1b"}
    app = Stage(ModelsScreen, scripted)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("A")
        await app.until(lambda: "2 models have an update." in shown(app))
        assert "no answer" in shown(app)
        assert "1 model could not be asked for." in shown(app)
        await app.until(lambda: "enter pull the updates" in shown(app))
        await pilot.press("enter")
        await app.until(scripted.pulls.all)
        assert [pull.name for pull in scripted.pulls.all()] == ["a:1b", "c:1b"]


async def test_what_could_not_be_asked_for_is_not_called_the_newest() -> None:
    models = tuple(LocalModel(name=name) for name in ("a:1b", "b:1b"))
    scripted = with_hosts(HostStatus(name="one", state="up", models=models))
    scripted.updates.bad = {"a:1b"}
    app = Stage(ModelsScreen, scripted)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("A")
        await app.until(lambda: "could not be asked for" in shown(app))
        assert "newest there is" not in shown(app)
        assert "pull the updates" not in shown(app)
        await pilot.press("enter")
        assert "a:1b  " in shown(app)
        assert "no answer" in shown(app)
        assert "the registry is out" in shown(app), "of the one under the cursor"
        await pilot.press("j")
        assert "the registry is out" not in shown(app)


async def test_only_levels_that_a_server_takes_are_offered() -> None:
    models = (
        LocalModel(name="a:1b", details=Details(quantization_level="Q4_K_M")),
        LocalModel(name="b:1b", details=Details(quantization_level="F16")),
    )
    scripted = with_hosts(HostStatus(name="one", state="up", models=models))
    app = Stage(ModelsScreen, scripted)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("z")
        assert "Servers quantize only F16, BF16 and F32" in app.told[0]
        await pilot.press("j", "z")
        await app.until(lambda: "Quantize b:1b to" in shown(app))
        assert "Q4_K_M" in shown(app)
        assert "Q5_K_M" not in shown(app)
        await pilot.press("enter")
        await app.until(lambda: "b:1b-q4_k_m" in shown(app))
        await pilot.press("enter")
        await app.until(lambda: scripted.pulls.made)
        assert scripted.pulls.made == [
            ("b:1b-q4_k_m", {"from": "b:1b", "quantize": "Q4_K_M"}, {})
        ]  # fmt: skip


async def test_a_modelfile_is_shown_and_exported(
    fake: FakeOllama, worker: Worker, tmp_path: Path
) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        first = names(app)[0]
        await pilot.press("m")
        await app.until(lambda: f"FROM {first}" in shown(app))
        target = tmp_path / "Modelfile"
        await pilot.press("x")
        await app.until(lambda: "into a file" in shown(app))
        await pilot.press("ctrl+u", *str(target), "enter")
        await app.until(lambda: app.told)
        assert target.read_text() == f"FROM {first}\n"
        await pilot.press("m")
        await app.until(lambda: "FROM" in shown(app))
        await pilot.press("e")
        await app.until(lambda: isinstance(app.screen, CreatePage))
        assert rows(app)[-2].startswith(f" name {first}")


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("{home}/none/Modelfile", "cannot be written: No such file or directory"),
        ("{home}/file/Modelfile", "cannot be written: Not a directory"),
        ("~nobody-of-this-name/Modelfile", "cannot be written: No such file or directory"),
        ("/proc/Modelfile", "cannot be written: "),
        ("{home}/" + 300 * "x", "File name too long"),
    ],
)
async def test_a_modelfile_that_cannot_be_exported_says_why(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("x")
        await app.until(lambda: "into a file" in shown(app))
        await pilot.press("ctrl+u")
        app.post_message(Paste(target.format(home=tmp_path)))
        await pilot.pause()
        await pilot.press("enter")
        await app.until(lambda: why in " ".join((*app.told, shown(app))))
        assert not (tmp_path / "none").exists()


async def test_a_modelfile_is_judged_while_it_is_written_and_made_by_the_queue(
    fake: FakeOllama, worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.gguf").write_bytes(b"GGUF")
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("n")
        await app.until(lambda: isinstance(app.screen, CreatePage))
        page = app.screen
        assert isinstance(page, CreatePage)
        page.editor.load_text("")
        await pilot.press(*"FROM ./none.gguf")
        await app.until(lambda: "There is no file or folder" in shown(app))
        page.editor.load_text("FROM ./tiny.gguf\nPARAMETER heat 1\n")
        await app.until(lambda: "line 2: There is no parameter heat." in shown(app))
        await pilot.press("ctrl+t")
        assert "line 2" in shown(app)
        page.editor.load_text("FROM ./tiny.gguf\n")
        await pilot.press("tab", *"mine", "enter")
        await app.until(lambda: "mine:latest" in fake.models)
        (body,) = asked(fake, "/api/create")
        assert [*fake.blobs.values()] == [b"GGUF"]
        assert body["files"] == {"tiny.gguf": next(iter(fake.blobs))}
        assert "3 shows how far it is." in app.told[0]


async def test_a_modelfile_is_in_colours_while_it_is_written(
    fake: FakeOllama, worker: Worker
) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("n")
        await app.until(lambda: isinstance(app.screen, CreatePage))
        editor = app.screen.query_one(ModelfileEditor)

        def colour(text: str) -> str:
            strips = [editor.render_line(y) for y in range(editor.document.line_count)]
            style = next(each.style for row in strips for each in row if text in each.text)
            assert style is not None
            assert style.color is not None
            return style.color.get_truecolor().hex

        editor.load_text('# why\nFROM a:1b\nPARAMETER top_k 5\nSYSTEM """\nPARAMETER\n"""\nFORM x')
        await pilot.pause()
        assert colour("FROM") == colour("SYSTEM") == colour("PARAMETER ")
        assert len({colour(each) for each in ("why", "FROM", "top_k", "5", '"""', "FORM")}) == 6
        assert colour("FORM x") == colour("a:1b")
        inside = editor.render_line(4)
        assert {each.style for each in inside if each.text.strip()} == {
            each.style for each in editor.render_line(5) if each.text.strip()
        }


async def test_what_was_written_is_not_lost_by_a_key(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("n")
        await app.until(lambda: isinstance(app.screen, CreatePage))
        await pilot.press(*"abc", "escape")
        await app.until(lambda: "What you have written" in shown(app))
        await pilot.press("enter")
        await app.until(lambda: isinstance(app.screen, CreatePage))
        await pilot.press("escape")
        await app.until(lambda: "What you have written" in shown(app))
        await pilot.press("y")
        await app.until(lambda: isinstance(app.screen, ModelsScreen))


# --- other hosts ---

BOX = HostStatus(
    name="box",
    address="http://box",
    state="up",
    models=(LocalModel(name="own:1b", digest="a"), LocalModel(name="qwen3:8b", digest="a")),
)
WARM = HostStatus(
    name="warm",
    address="http://warm",
    state="up",
    models=(LocalModel(name="qwen3:8b", digest="a"),),
    running=(RunningModel(name="qwen3:8b"),),
)
OLD = HostStatus(
    name="old",
    address="http://old",
    state="up",
    models=(LocalModel(name="own:1b", digest="a"), LocalModel(name="qwen3:8b", digest="b")),
)
DOWN = HostStatus(name="gone", address="http://gone", state="down", models=OLD.models)


async def test_what_is_here_is_pulled_to_other_hosts() -> None:
    worker = with_hosts(BOX, WARM, OLD, DOWN)
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "space", "o")
        await app.until(lambda: "Pull 2 models to" in shown(app))
        assert "2 downloads" in shown(app)
        await pilot.press("enter")
        await app.until(lambda: worker.pulls.queue)
    assert [(each.name, each.host) for each in worker.pulls.queue] == [
        ("own:1b", "warm"),
        ("qwen3:8b", "warm"),
    ]


async def test_the_details_of_a_model_say_which_other_hosts_have_it() -> None:
    app = Stage(ModelsScreen, with_hosts(BOX, OLD, WARM, DOWN))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.until(lambda: "also on        old" in shown(app))
        await pilot.press("j")
        await app.until(lambda: "warm (loaded), old" in shown(app))
        await app.until(lambda: "(another" in shown(app))
        assert "gone" not in shown(app)
