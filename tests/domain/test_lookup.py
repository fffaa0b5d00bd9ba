from tui.domain import clock
from tui.domain.lookup import model_named, session_named
from tui.domain.session import SessionTitle

MODELS = ["llama3:latest", "qwen3:0.6b", "qwen3:8b", "mistral:7b"]


def titles(*names: str) -> list[SessionTitle]:
    return [SessionTitle(id=name, title=name, updated_at=clock.now()) for name in names]


def test_a_model_is_known_by_its_name_with_or_without_the_usual_tag() -> None:
    assert model_named("llama3", MODELS) == "llama3:latest"
    assert model_named("QWEN3:8B", MODELS) == "qwen3:8b"


def test_a_beginning_is_enough_where_it_fits_one_only() -> None:
    assert model_named("mis", MODELS) == "mistral:7b"
    assert model_named("qwen3", MODELS) is None
    assert model_named("gemma", MODELS) is None


def test_a_conversation_is_known_by_its_title_or_its_beginning() -> None:
    known = titles("Cats", "Cats and dogs", "Birds")
    assert session_named("cats", known) == "Cats"
    assert session_named("bi", known) == "Birds"
    assert session_named("ca", known) is None
