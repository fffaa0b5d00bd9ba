"""langchain-ollama, unmodified: `with_langchain.py URL` fails with what the engine did wrong."""

import sys

from langchain_ollama import ChatOllama, OllamaEmbeddings, OllamaLLM

_SHAPE = {
    "title": "word",
    "type": "object",
    "properties": {"yes": {"type": "boolean"}},
    "required": ["yes"],
}


def main(url: str) -> None:
    """Ask for everything that LangChain asks an Ollama for."""
    kept = {"base_url": url, "temperature": 0, "num_predict": 8}
    chat = ChatOllama(model="tiny", validate_model_on_init=True, **kept)
    answer = chat.invoke("Hello")
    assert len(answer.content) == 8, answer
    assert answer.usage_metadata["output_tokens"] == 8, answer
    assert "".join(chunk.content for chunk in chat.stream("Hello")) == answer.content
    thinking = ChatOllama(model="tiny-think", reasoning=True, **kept).invoke("Hello")
    assert len(thinking.additional_kwargs["reasoning_content"]) == 8, thinking
    shaped = ChatOllama(model="tiny", format=_SHAPE, **kept).invoke("Hello")
    assert not shaped.content.strip('{ \t\n"yes:tru'), shaped
    assert len(OllamaLLM(model="tiny", **kept).invoke("Hello")) == 8
    vectors = OllamaEmbeddings(model="tiny-embed", base_url=url).embed_documents(["dog", "cat"])
    assert [len(vector) for vector in vectors] == [64, 64]
    _refused(url)


def _refused(url: str) -> None:
    said = ""
    try:
        ChatOllama(model="tiny", base_url=url).bind_tools([_weather]).invoke("Hello")
    except Exception as error:  # noqa: BLE001 - whatever the client makes of it
        said = str(error)
    assert "does not support tools" in said, said


def _weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"fine in {city}"


if __name__ == "__main__":
    main(sys.argv[1])
