"""The client of OpenAI's API against each make: what it asks, and what it makes of answers."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from fake_openai import MODEL, FakeOpenAI
from http_server import Reply
from tui.api.client import client_of
from tui.api.errors import (
    Busy,
    ConnectionRefused,
    Forbidden,
    Interrupted,
    ModelNotFound,
    NotOpenAI,
    NotServed,
    OllamaError,
    ServerError,
    Unauthorized,
)
from tui.api.openai import OpenAI, inventory, makes
from tui.api.openai import client as asking
from tui.api.openai.makes import VLLM_BY_LITELLM
from tui.api.requests import ChatRequest
from tui.domain.hosts import HostAddress
from tui.domain.models import Details
from tui.domain.replies import Delta

HELLO = [{"role": "user", "content": "What is 2 + 2?"}]
HALF = [*HELLO, {"role": "assistant", "content": "It is"}]
PNG = "iVBORw0KGgo="


def client_at(fake: FakeOpenAI, path: str = "") -> OpenAI:
    client = client_of("openai", HostAddress.parse(fake.url + path))
    assert isinstance(client, OpenAI)
    return client


async def heard(client: OpenAI, **request: Any) -> list[Delta]:  # noqa: ANN401 - any field
    asked = ChatRequest(**({"model": MODEL, "messages": HELLO} | request))
    async with aclosing(client.chat(asked)) as deltas:
        return [delta async for delta in deltas]


def words(deltas: list[Delta]) -> str:
    return "".join(delta.content for delta in deltas)


async def body_for(make: str, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """What a server of a make is asked."""
    async with FakeOpenAI(make=make) as fake, client_at(fake) as client:
        await heard(client, **request)
        return fake.questions[-1]


# --- whose server it is ---


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        ("vllm", "vLLM 0.11.0"),
        ("sglang", "SGLang 0.11.0"),
        ("llamacpp", "llama.cpp b6789"),
        ("litellm", "LiteLLM 0.11.0"),
        ("lmstudio", "LM Studio"),
        ("ray", "Ray Serve"),
        ("gateway", "SGLang gateway"),
        ("plain", "OpenAI API"),
    ],
)
async def test_each_make_is_known_by_what_it_tells(make: str, shown: str) -> None:
    async with FakeOpenAI(make=make) as fake, client_at(fake) as client:
        assert await client.version() == shown


async def test_a_look_at_a_server_that_is_known_costs_one_question() -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        await client.version()
        fake.asked.clear()
        await client.version()
        await client.running()
        await client.models()
        assert [path for _method, path, _body in fake.asked] == ["/v1/models"]


async def test_a_long_list_is_asked_for_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "_RECENT", 0.0)
    names = [f"maker/model-{number}" for number in range(900)]
    async with FakeOpenAI(make="plain", models=names) as fake, client_at(fake) as client:
        for _again in range(3):
            await client.version()
            assert len(await client.models()) == 900
        asked = [method for method, path, _body in fake.asked if path == "/v1/models"]
        assert asked == ["GET", *["HEAD"] * 5]
        fake.key = "sk-1"
        with pytest.raises(Unauthorized):
            await client.version()


async def test_what_comes_back_after_a_break_may_be_another_server() -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        await client.version()
        fake.errors["*"] = 502, "<html>"
        with pytest.raises(OllamaError):
            await client.version()
        fake.errors.clear()
        fake.make, fake.version = "sglang", "0.5.5"
        assert await client.version() == "SGLang 0.5.5"


@pytest.mark.parametrize(("prefix", "path"), [("", "/v1"), ("/llm", "/llm"), ("/llm", "/llm/v1")])
async def test_an_address_may_end_in_v1_or_not(prefix: str, path: str) -> None:
    async with FakeOpenAI(prefix=prefix) as fake, client_at(fake, path) as client:
        assert [model.name for model in await client.models()] == [MODEL]


# --- models ---


async def test_vllm_tells_names_and_windows_and_no_figures_are_made_up() -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        (model,) = await client.models()
        (running,) = await client.running()
        card = await client.show(MODEL)
    assert (model.name, model.size, model.digest) == (MODEL, 0, "")
    assert model.details == Details(context_length=32768)
    assert (running.context_length, running.size, running.expires_at) == (32768, 0, None)
    assert card.capabilities is None
    assert card.details.context_length == 32768


async def test_llama_cpp_tells_more() -> None:
    async with FakeOpenAI(make="llamacpp", window=8192) as fake, client_at(fake) as client:
        (model,) = await client.models()
        (running,) = await client.running()
        card = await client.show(MODEL)
    assert (model.size, model.details.parameter_size) == (4912898304, "8.0B")
    assert running.context_length == 8192
    assert card.capabilities == ["completion", "vision", "tools", "thinking"]
    assert "enable_thinking" in card.template


async def test_a_model_that_is_loading_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "_RECENT", 0.0)
    async with FakeOpenAI(make="llamacpp", loading=True) as fake, client_at(fake) as client:
        assert await client.running() == []
        assert client.tells_loaded
        fake.loading = False
        (running,) = await client.running()
        assert running.context_length == 32768
        assert await client.version() == "llama.cpp b6789"


@pytest.mark.parametrize("loaded", [True, False])
async def test_lm_studio_tells_which_models_are_loaded(loaded: bool) -> None:
    async with FakeOpenAI(make="lmstudio", loaded=loaded) as fake, client_at(fake) as client:
        (model,) = await client.models()
        assert [each.name for each in await client.running()] == [MODEL] * loaded
    assert model.details == Details(
        family="llama", quantization_level="Q4_K_M", format="gguf", context_length=32768
    )
    assert model.capabilities == ["completion", "vision"]


@pytest.mark.parametrize("make", ["litellm", "ray", "gateway", "plain"])
async def test_what_only_passes_questions_on_tells_nothing_of_memory(make: str) -> None:
    async with FakeOpenAI(make=make) as fake, client_at(fake) as client:
        assert await client.running() == []
        assert not client.tells_loaded


async def test_litellm_tells_windows_in_another_place() -> None:
    async with FakeOpenAI(make="litellm", window=4096) as fake, client_at(fake) as client:
        assert (await client.models())[0].details.context_length == 4096


async def test_litellm_passes_on_to_vllm_what_that_takes() -> None:
    options = {"top_k": 5, "num_predict": 9}
    async with FakeOpenAI(make="litellm", behind="hosted_vllm/") as fake, client_at(fake) as client:
        await heard(client, messages=HALF, options=options, think=False)
        assert fake.questions[-1]["top_k"] == 5
        assert fake.questions[-1]["continue_final_message"]
        assert fake.questions[-1]["chat_template_kwargs"]["enable_thinking"] is False
        assert "top_k" in (client.takes or ())
        asked = ChatRequest(model=MODEL, messages=HALF, options=options, think=False)
        assert await client.remarks(asked) == []
        assert not client.tells_loaded


@pytest.mark.parametrize(
    "data", [5, ["x"], {"a": 1}, [{"model_info": "x"}], [{"model_info": {"max_tokens": "x"}}]]
)
def test_what_litellm_tells_in_no_known_shape_tells_nothing(data: object) -> None:
    assert makes.windows_of({"data": data}) == {}
    assert VLLM_BY_LITELLM not in makes.makes_of({"data": data}).values()


def test_a_window_that_is_no_number_is_not_known() -> None:
    told = {"default_generation_settings": {"n_ctx": "4096"}}
    assert makes.software_of(makes.LLAMA_CPP, told).window == 0


async def test_litellm_is_known_without_its_version() -> None:
    async with FakeOpenAI(make="litellm", version="") as fake, client_at(fake) as client:
        assert await client.version() == "LiteLLM"


async def test_ray_tells_its_window_in_words_of_its_own() -> None:
    async with FakeOpenAI(make="ray", window=4096) as fake, client_at(fake) as client:
        assert (await client.models())[0].details.context_length == 4096


async def test_a_model_that_is_not_served_is_told_with_those_that_are() -> None:
    async with FakeOpenAI(models=["one", "two"]) as fake, client_at(fake) as client:
        with pytest.raises(ModelNotFound, match=r"does not serve three. It serves one, two\."):
            await client.show("three")
        with pytest.raises(ModelNotFound, match="does not serve three"):
            await client.load("three")
        with pytest.raises(ModelNotFound, match="does not serve three"):
            await heard(client, model="three")


async def test_what_such_a_server_cannot_do_has_an_error_of_its_own() -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        calls = [client.unload(MODEL), client.delete(MODEL), client.copy(MODEL, "b"),
                 client.has_blob("sha256:1"), client.account(), client.sign_out()]  # fmt: skip
        for call in calls:
            with pytest.raises(NotServed, match="speaks the OpenAI API"):
                await call
        for stream in (client.pull, client.push):
            with pytest.raises(NotServed, match="a host that runs Ollama can do all of this"):
                stream(MODEL)
        with pytest.raises(NotServed):
            client.create("b", {"from": MODEL})
        assert fake.asked == []


async def test_texts_become_vectors_in_their_order() -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        assert await client.embed(MODEL, ["a", "b"]) == [[0.0, 0.5], [1.0, 0.5]]
        fake.errors["/v1/embeddings"] = 404, {"detail": "Not Found"}
        with pytest.raises(ServerError, match="Choose a server of a model for embeddings"):
            await client.embed(MODEL, ["a"])


@pytest.mark.parametrize(
    ("make", "prompt"),
    [("vllm", "<|user|>[1, 2]"), ("llamacpp", "<|user|>What is 2 + 2?"), ("plain", None)],
)
async def test_prompts_are_told_by_those_who_can(make: str, prompt: str | None) -> None:
    async with FakeOpenAI(make=make) as fake, client_at(fake) as client:
        assert await client.rendered(ChatRequest(model=MODEL, messages=HELLO)) == prompt


async def test_a_prompt_is_told_as_it_is_asked() -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        await client.rendered(ChatRequest(model=MODEL, messages=HALF))
        told = next(body for _method, path, body in fake.asked if path == "/tokenize")
        assert told["continue_final_message"]
        assert "stream" not in told


async def test_a_limit_that_the_window_has_no_room_for_is_left_out() -> None:
    async with FakeOpenAI(make="sglang", window=4096) as fake, client_at(fake) as client:
        assert words(await heard(client, options={"num_predict": 4090})) == fake.reply
        assert words(await heard(client, options={"num_predict": 4000})) == fake.reply
        assert [each.get("max_tokens") for each in fake.questions] == [4090, None, 4000]


async def test_a_limit_that_leaves_no_room_for_a_question_is_none() -> None:
    async with FakeOpenAI(window=4096) as fake, client_at(fake) as client:
        await heard(client, options={"num_predict": 4095})
        await heard(client, options={"num_predict": 4096})
        assert [each.get("max_tokens") for each in fake.questions] == [4095, None]


# --- answers ---


async def test_an_answer_streams_and_ends_with_its_counts() -> None:
    async with FakeOpenAI(thinking="Two. ", cached=8) as fake, client_at(fake) as client:
        deltas = await heard(client)
    assert words(deltas) == fake.reply
    assert deltas[0].thinking == "Two. "
    last = deltas[-1]
    assert (last.done, last.done_reason) == (True, "stop")
    assert last.stats is not None
    assert (last.stats.prompt_eval_count, last.stats.cached_count) == (12, 8)
    assert 0 < last.stats.prompt_eval_duration <= last.stats.total_duration


async def test_calls_of_tools_come_in_ollamas_form() -> None:
    call = {"id": "c1", "function": {"name": "weather", "arguments": '{"city":"Rome"}'}}
    fake = FakeOpenAI(reply="", calls=[call], finish="tool_calls")
    async with fake, client_at(fake) as client:
        deltas = await heard(client)
    told = {"id": "c1", "function": {"name": "weather", "arguments": {"city": "Rome"}}}
    assert deltas[0].tool_calls == [told]
    assert deltas[-1].done_reason == "stop"


async def test_closing_an_answer_stops_the_server() -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        fake.hold.clear()
        asked = ChatRequest(model=MODEL, messages=HELLO)
        async with aclosing(client.chat(asked)) as deltas:
            await anext(deltas)
        async with asyncio.timeout(5):
            while fake.hung_up != ["/v1/chat/completions"]:
                await asyncio.sleep(0.01)


async def test_an_answer_that_breaks_off_was_interrupted() -> None:
    async with FakeOpenAI(drop_after=3) as fake, client_at(fake) as client:
        with pytest.raises(Interrupted):
            await heard(client)


async def test_an_error_in_the_middle_is_told_in_the_servers_words() -> None:
    async with FakeOpenAI(error_after=3) as fake, client_at(fake) as client:
        with pytest.raises(ServerError, match="EngineCore died"):
            await heard(client)


async def test_a_model_that_loads_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_LOADING", 0.01)
    async with FakeOpenAI(make="llamacpp", loading=True) as fake, client_at(fake) as client:
        answer = asyncio.create_task(heard(client))
        async with asyncio.timeout(5):
            while len(fake.questions) < 3:
                await asyncio.sleep(0.01)
        fake.loading = False
        assert words(await answer) == fake.reply


# --- questions ---


async def test_options_that_all_know_are_sent_by_their_names_there() -> None:
    options = {"temperature": 0.5, "top_p": 0.9, "seed": 7, "stop": ["x"], "num_predict": 20,
               "presence_penalty": 0.1, "frequency_penalty": 0.2}  # fmt: skip
    body = await body_for("plain", options=options)
    told = {key: body[key] for key in body if key not in ("model", "messages")}
    assert told == {
        "stream": True, "stream_options": {"include_usage": True}, "temperature": 0.5,
        "top_p": 0.9, "seed": 7, "stop": ["x"], "max_tokens": 20, "presence_penalty": 0.1,
        "frequency_penalty": 0.2,
    }  # fmt: skip


async def test_no_limit_and_chance_are_not_sent() -> None:
    body = await body_for("plain", options={"num_predict": -1, "seed": -1})
    assert not {"max_tokens", "seed"} & body.keys()


@pytest.mark.parametrize(
    ("make", "sent"),
    [
        ("vllm", {"top_k": -1, "min_p": 0.1, "repetition_penalty": 1.1}),
        ("sglang", {"top_k": -1, "min_p": 0.1, "repetition_penalty": 1.1}),
        ("ray", {"top_k": -1, "min_p": 0.1, "repetition_penalty": 1.1}),
        ("llamacpp", {"top_k": -1, "min_p": 0.1, "repeat_penalty": 1.1, "repeat_last_n": 9}),
        ("lmstudio", {"top_k": -1, "repeat_penalty": 1.1}),
        ("litellm", {}),
    ],
)
async def test_what_a_make_takes_besides_is_sent_to_it_alone(
    make: str, sent: dict[str, Any]
) -> None:
    options = {"top_k": 0, "min_p": 0.1, "repeat_penalty": 1.1, "repeat_last_n": 9, "num_ctx": 99}
    body = await body_for(make, options=options)
    usual = {"model", "messages", "stream", "stream_options"}
    assert {key: body[key] for key in body.keys() - usual} == sent


async def test_what_is_left_out_is_said() -> None:
    request = ChatRequest(
        model=MODEL, messages=HELLO, options={"num_ctx": 9, "top_p": 1.0}, keep_alive="5m",
        think=True,
    )  # fmt: skip
    async with FakeOpenAI() as fake, client_at(fake) as client:
        assert await client.remarks(request) == [
            "vLLM takes no num_ctx, keep_alive: they were left out of the question."
        ]
        assert client.takes is not None
        assert "num_ctx" not in client.takes
    async with FakeOpenAI(make="litellm") as fake, client_at(fake) as client:
        (said,) = await client.remarks(request)
        assert said.startswith("LiteLLM takes no num_ctx, keep_alive, think:")


@pytest.mark.parametrize(
    ("think", "sent"),
    [
        (None, {}),
        (False, {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}}),
        (True, {"chat_template_kwargs": {"enable_thinking": True, "thinking": True}}),
        ("low", {"chat_template_kwargs": {"enable_thinking": True, "thinking": True},
                 "reasoning_effort": "low"}),
    ],
)  # fmt: skip
async def test_thinking_is_asked_of_the_template_and_by_effort(
    think: bool | str | None, sent: dict[str, Any]
) -> None:
    body = await body_for("vllm", think=think)
    names = ("chat_template_kwargs", "reasoning_effort")
    assert {name: body[name] for name in names if name in body} == sent


async def test_formats_are_asked_for_in_the_apis_own_form() -> None:
    body = await body_for("vllm", format="json")
    assert body["response_format"] == {"type": "json_object"}
    schema = {"type": "object"}
    body = await body_for("vllm", format=schema)
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": schema},
    }


async def test_an_answer_is_gone_on_with_by_each_makes_own_way() -> None:
    body = await body_for("vllm", messages=HALF)
    assert body["messages"] == HALF
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)
    assert body["chat_template_kwargs"]["enable_thinking"] is False
    body = await body_for("llamacpp", messages=HALF, think=True)
    assert body["messages"] == HALF
    assert "continue_final_message" not in body
    assert body["chat_template_kwargs"]["enable_thinking"] is False
    body = await body_for("litellm", messages=HALF)
    assert body["messages"][:2] == HALF
    assert body["messages"][2]["role"] == "user"
    assert "Go on exactly where" in body["messages"][2]["content"]


async def test_pictures_go_along_as_data() -> None:
    message = {"role": "user", "content": "What is it?", "images": [PNG, "/9j/4AAQ"]}
    body = await body_for("vllm", messages=[message])
    assert body["messages"][0]["content"] == [
        {"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9j/4AAQ"}},
    ]


async def test_questions_whose_answers_failed_become_one() -> None:
    body = await body_for("vllm", messages=[
        {"role": "user", "content": "one"}, {"role": "user", "content": "two", "images": [PNG]},
        {"role": "user", "content": "three"},
    ])  # fmt: skip
    (message,) = body["messages"]
    assert [part.get("text") for part in message["content"]] == ["one", "two", None, "three"]
    body = await body_for("vllm", messages=[*HELLO, *HELLO])
    assert body["messages"][0]["content"] == "What is 2 + 2?\n\nWhat is 2 + 2?"


async def test_results_of_tools_are_told_by_the_ids_of_their_calls() -> None:
    calls = [
        {"function": {"name": "weather", "arguments": {"city": "Rome"}}},
        {"id": "own", "function": {"name": "clock", "arguments": {}}},
    ]
    body = await body_for("vllm", messages=[
        *HELLO, {"role": "assistant", "content": "", "tool_calls": calls},
        {"role": "tool", "content": "sunny"}, {"role": "tool", "content": "noon"},
    ])  # fmt: skip
    asked, first, second = body["messages"][1:]
    assert asked["tool_calls"][0] == {
        "id": "call_1_0",
        "type": "function",
        "function": {"name": "weather", "arguments": '{"city":"Rome"}'},
    }
    assert (first["tool_call_id"], second["tool_call_id"]) == ("call_1_0", "own")


async def test_a_server_that_counts_no_tokens_is_asked_again_without() -> None:
    async with FakeOpenAI(refuses="stream_options") as fake, client_at(fake) as client:
        deltas = await heard(client)
        assert words(deltas) == fake.reply
        await heard(client)
        assert ["stream_options" in body for body in fake.questions] == [True, False, False]
        assert deltas[-1].stats is not None
        assert deltas[-1].stats.eval_count == 0


async def test_the_longest_length_has_another_name_for_some() -> None:
    async with FakeOpenAI(make="plain", refuses="max_tokens") as fake, client_at(fake) as client:
        assert words(await heard(client, options={"num_predict": 9})) == fake.reply
        assert fake.questions[-1]["max_completion_tokens"] == 9


# --- what goes wrong ---

_VLLM = (
    "This model's maximum context length is 2048 tokens. However, you requested 2100 tokens (2000 "
    "in the messages, 100 in the completion). Please reduce the length of the messages."
)
_VLLM_NEW = (
    "This model's maximum context length is 2048 tokens. However, your request has 2100 input "
    "tokens. Please reduce the length of the input messages."
)
_VLLM_0_32 = (
    "This model's maximum context length is 2048 tokens. However, your prompt contains at least "
    "2100 input tokens, which exceeds this limit even without any output tokens.",
    "This model's maximum context length is 2048 tokens. However, your prompt contains 2100 "
    "characters (more than 2048 characters, which is the upper bound for 2048 input tokens).",
    "max_tokens=2100 cannot be greater than max_model_len=2048. Please request fewer tokens.",
)
_LLAMA_CPP = (
    "request (2100 tokens) exceeds the available context size (2048 tokens), try increasing it"
)
_SGLANG = "The input (2100 tokens) is longer than the model's context length (2048 tokens)."
_SGLANG_ROOM = (
    "Requested token count exceeds the model's maximum context length of 2048 tokens. You "
    "requested a total of 2100 tokens: 2000 tokens from the input messages."
)


@pytest.mark.parametrize("told", [_VLLM, _VLLM_NEW, *_VLLM_0_32, _LLAMA_CPP, _SGLANG, _SGLANG_ROOM])
async def test_a_conversation_that_is_too_long_is_told_in_tokens(told: str) -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        fake.errors["/v1/chat/completions"] = 400, {"error": {"message": told, "code": 400}}
        with pytest.raises(ServerError, match=r"2,100 (tokens|characters), and it takes 2,048"):
            await heard(client)


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (401, {"error": {"message": "Invalid API Key", "code": 401}}, Unauthorized, "place for a"),
        (400, {"error": {"message": "No connected db."}}, Unauthorized, "asks for credentials"),
        (403, {"detail": "not yours"}, Forbidden, "not yours"),
        (429, {"error": {"message": "Rate limit reached"}}, Busy, "Rate limit reached"),
        (503, "<html>", OllamaError, "got no answer from the server behind it"),
        (500, "All workers failed", ServerError, r"failed on its side \(500.* All workers failed"),
        (400, {"error": {"message": "Invalid model name passed in model=m"}}, ModelNotFound,
         "does not serve"),
        (404, {"detail": "Not Found"}, ServerError, "may be for embeddings alone"),
        (500, {"object": "error", "message": "CUDA out of memory"}, ServerError, "no memory left"),
        (400, {"error": "System role not supported"}, ServerError, "/set system default"),
        (400, {"error": {"message": "Message: top_p is 2 (Request ID: 1-2), Internal exception: "
                                    "ray.llm.X (Request ID: 1-2), original exception: "}},
         ServerError, "says: top_p is 2$"),
        (500, {"error": {"message": "EngineCore encountered an issue. See stack trace (above)"}},
         ServerError, "has to be started again"),
        (400, {"error": "no chat template is known"}, ServerError, "not made for chats"),
        (422, {"detail": [{"loc": ["body", "top_p"], "msg": "too large"}]}, ServerError,
         r"body\.top_p: too large"),
    ],
)  # fmt: skip
async def test_each_refusal_is_told_in_words(
    status: int, body: object, kind: type[OllamaError], said: str
) -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        await client.version()
        fake.errors["/v1/chat/completions"] = status, body
        with pytest.raises(kind, match=said) as caught:
            await heard(client)
    assert "Ollama" not in str(caught.value)


async def test_a_server_that_asks_for_a_pause_is_told_with_it() -> None:
    async with FakeOpenAI(retry_after="20") as fake, client_at(fake) as client:
        await client.version()
        fake.errors["/v1/chat/completions"] = 429, {"error": {"message": "Slow down"}}
        with pytest.raises(Busy, match="pause of 20 s"):
            await heard(client)


async def test_a_port_where_nobody_listens_is_told_without_a_word_of_ollama() -> None:
    async with client_of("openai", HostAddress.parse("127.0.0.1:1/v1")) as client:
        with pytest.raises(ConnectionRefused, match=r"--host 0\.0\.0\.0") as caught:
            await client.version()
    assert "Ollama" not in str(caught.value)


async def test_what_is_no_such_server_is_told_with_the_usual_ports() -> None:
    async with FakeOpenAI() as fake, client_at(fake, "/elsewhere") as client:
        fake.prefix = "/right"
        with pytest.raises(NotOpenAI, match="vLLM's own port is 8000"):
            await client.version()
        fake.errors["*"] = 404, "nothing here"
        fake.prefix = "/elsewhere"
        with pytest.raises(NotOpenAI, match="It said: nothing here"):
            await client.version()


# --- connections ---


async def test_one_connection_is_good_for_many_answers() -> None:
    async with FakeOpenAI() as fake, client_at(fake) as client:
        for _again in range(3):
            await heard(client)
        assert fake.accepted == 1


async def test_a_server_that_never_ends_after_its_end_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "_LAST", 0.05)

    class Lingering(FakeOpenAI):
        async def _stream(self, body: dict[str, Any], reply: Reply) -> None:
            reply.end = reply.silence  # type: ignore[method-assign]  # a server that never hangs up
            await super()._stream(body, reply)

    async with Lingering() as fake, client_at(fake) as client, asyncio.timeout(5):
        deltas = await heard(client)
    assert deltas[-1].done
    assert sum(delta.done for delta in deltas) == 1


async def test_thoughts_that_no_parser_took_out_are_told_apart() -> None:
    fake = FakeOpenAI(reply="<think>Two and two.</think> It is 4.")
    async with fake, client_at(fake) as client:
        deltas = await heard(client)
    assert "".join(delta.thinking for delta in deltas) == "Two and two."
    assert words(deltas) == " It is 4."
