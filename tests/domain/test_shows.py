import pytest

from tui.domain.models import Details, ModelCard
from tui.domain.shows import SHOWN, shown

CARD = ModelCard(
    license="MIT License",
    modelfile="FROM x",
    parameters='stop                           "<|im_end|>"\ntemperature                    0.7',
    template="{{ .Prompt }}",
    system="Be kind.",
    details=Details(family="llama", parameter_size="135M", quantization_level="Q4_0"),
    model_info={"general.architecture": "llama", "llama.context_length": 8192},
    capabilities=["completion", "tools"],
)


@pytest.mark.parametrize("what", SHOWN)
def test_everything_can_be_shown_of_a_model_that_tells_nothing(what: str) -> None:
    assert isinstance(shown(what, ModelCard(), {}, ""), str)


def test_info_tells_what_a_model_is() -> None:
    text = shown("info", CARD, {}, "")
    for fact in ("llama", "135M", "8192", "Q4_0", "completion, tools", "Be kind."):
        assert fact in text


def test_a_conversations_own_settings_stand_beside_the_models() -> None:
    text = shown("parameters", CARD, {"temperature": 0.1}, "")
    assert text.index("0.7") < text.index("Of this conversation") < text.index("0.1")
    assert shown("system", CARD, {}, "Be brief.") == "Be brief."
    assert shown("system", CARD, {}, "") == "Be kind."
