from pathlib import Path

from tui.domain.places import Places
from tui.store.prompts import PromptStore, SavedPrompt
from tui.store.writer import Writer


def test_a_prompt_is_a_file_with_a_heading_or_a_name(tmp_path: Path) -> None:
    folder = Places.below(tmp_path).data / "prompts"
    folder.mkdir(parents=True)
    (folder / "one.md").write_text("# Be brief\n\nAnswer in one sentence.\n")
    (folder / "a pirate.md").write_text("Talk like a pirate.\n# Not a title\n")
    (folder / "broken.md").write_bytes(b"\xff\xfe")
    (folder / "notes.txt").write_text("no prompt")
    store = PromptStore(Places.below(tmp_path), Writer(lambda _error: None))
    assert store.all()[0] == SavedPrompt("a pirate", "Talk like a pirate.\n# Not a title")
    assert store.all()[1] == SavedPrompt("Be brief", "Answer in one sentence.")
    assert [each.title for each in store.all()] == ["a pirate", "Be brief", "broken"]


def test_there_need_be_no_folder(tmp_path: Path) -> None:
    assert PromptStore(Places.below(tmp_path), Writer(lambda _error: None)).all() == []


def test_a_prompt_is_kept_beside_others_of_its_name_and_inside_the_folder(tmp_path: Path) -> None:
    writer = Writer(lambda _error: None)
    store = PromptStore(Places.below(tmp_path), writer)
    paths = [store.save("../Be brief!", "One."), store.save("../Be brief!", "Two.")]
    writer.flush()
    assert [path.name for path in paths] == ["Be-brief.md", "Be-brief-2.md"]
    assert {path.parent for path in paths} == {store.folder}
    assert [each.text for each in store.all()] == ["One.", "Two."]
    assert store.all()[0].title == "../Be brief!"
    assert store.save("???", "x").name == "prompt.md"
    writer.close()
