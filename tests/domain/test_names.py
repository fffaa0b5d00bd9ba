"""Model names as Ollama reads them."""

import pytest

from tui.domain.names import BadModelName, ModelName, same_model

OLLAMA = "registry.ollama.ai"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("llama3", (OLLAMA, "library", "llama3", "latest")),
        ("llama3:8b", (OLLAMA, "library", "llama3", "8b")),
        ("me/mine", (OLLAMA, "me", "mine", "latest")),
        ("me/mine:v1.2", (OLLAMA, "me", "mine", "v1.2")),
        ("hf.co/user/repo-GGUF:Q4_K_M", ("hf.co", "user", "repo-GGUF", "Q4_K_M")),
        ("127.0.0.1:5000/library/x", ("127.0.0.1:5000", "library", "x", "latest")),
        ("127.0.0.1:5000/library/x:1b", ("127.0.0.1:5000", "library", "x", "1b")),
        (" llama3\n", (OLLAMA, "library", "llama3", "latest")),
        ("https://box/a/b:c", ("box", "a", "b", "c")),
    ],
)
def test_a_name_is_taken_apart(text: str, parts: tuple[str, ...]) -> None:
    name = ModelName.parse(text)
    assert (name.host, name.namespace, name.model, name.tag) == parts


def test_only_http_is_remembered_as_such() -> None:
    assert ModelName.parse("http://box:5000/a/b").scheme == "http"
    assert ModelName.parse("box:5000/a/b").scheme == "https"


@pytest.mark.parametrize(
    "text",
    ["", " ", ":", "a:", ":tag", "a/b/c/d", "bad name!!", "a//b", "-a", ".a", "ftp://a/b/c", "a b",
     "x" * 81, "a:" + "t" * 81, "über", "a.b/c"],
)  # fmt: skip
def test_what_is_no_name_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadModelName, match="llama3:8b"):
        ModelName.parse(text)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("llama3", "llama3:latest"),
        ("library/llama3:8b", "llama3:8b"),
        ("registry.ollama.ai/library/llama3:8b", "llama3:8b"),
        ("me/mine", "me/mine:latest"),
        ("hf.co/user/repo", "hf.co/user/repo:latest"),
    ],
)
def test_the_short_form_leaves_out_what_everybody_knows(text: str, short: str) -> None:
    assert ModelName.parse(text).short == short
    assert ModelName.parse(short) == ModelName.parse(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("llama3", "LLAMA3:Latest", True),
        ("library/llama3", "registry.ollama.ai/library/llama3:latest", True),
        ("llama3:8b", "llama3:70b", False),
        ("me/llama3", "llama3", False),
        ("not a name", "not a name", True),
        ("not a name", "llama3", False),
    ],
)
def test_names_are_compared_as_ollama_does(one: str, other: str, same: bool) -> None:
    assert same_model(one, other) is same
