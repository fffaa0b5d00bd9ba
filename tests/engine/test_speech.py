import msgspec

from tui.engine.speech import ChatEvent, Speech
from tui.engine.thinking import ThinkingSplitter


def _event(finish: str | None = None, **delta: object) -> ChatEvent:
    told = {"choices": [{"delta": delta, "finish_reason": finish}]}
    return msgspec.convert(told, ChatEvent)


def _call(index: int, **function: str) -> dict[str, object]:
    return {"index": index, "function": function}


def test_calls_of_tools_that_come_in_pieces_are_put_together() -> None:
    speech = Speech()
    first = _call(0, name="weather", arguments="")
    for event in (
        _event(content="Let me see."),
        _event(tool_calls=[first]),
        _event(tool_calls=[_call(0, arguments='{"city": "Pa')]),
        _event(tool_calls=[_call(0, arguments='ris"}'), _call(1, name="time", arguments="{}")]),
        _event(tool_calls=[_call(2, name="broken", arguments='{"a')]),
        _event("tool_calls"),
    ):
        speech.take(event)
    assert speech.reason == "stop"
    assert [call["function"] for call in speech.tool_calls] == [
        {"index": 0, "name": "weather", "arguments": {"city": "Paris"}},
        {"index": 1, "name": "time", "arguments": {}},
        {"index": 2, "name": "broken", "arguments": {}},
    ]
    assert len({call["id"] for call in speech.tool_calls}) == 3


def test_thinking_and_content_are_pieces_of_their_own() -> None:
    speech = Speech()
    assert speech.take(_event(reasoning_content="Hm", content="Yes")) == [
        {"thinking": "Hm"},
        {"content": "Yes"},
    ]
    assert speech.take(_event("length")) == []
    assert speech.reason == "length"


def test_what_a_splitter_held_back_is_said_at_the_end() -> None:
    speech = Speech(ThinkingSplitter("<think>"))
    pieces = [*speech.take(_event(content="Hm</thi")), *speech.take(_event("stop"))]
    assert pieces == [{"thinking": "Hm"}, {"thinking": "</thi"}]


def test_the_timings_are_those_told_last() -> None:
    speech = Speech()
    speech.take(ChatEvent(timings={"predicted_n": 1}))
    speech.take(ChatEvent())
    assert speech.timings == {"predicted_n": 1}
