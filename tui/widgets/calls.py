"""How it is drawn what a model asks tools for: pure functions from values to lines."""

import json
from typing import Any

from tui.domain.session import Message
from tui.widgets.lines import Lines
from tui.widgets.plain import one_line
from tui.widgets.turns import Look, folded, quiet


def calls(message: Message, look: Look) -> Lines:
    """One muted line for each call; below it, when unfolded, what the tool is given."""
    return [row for each in message.tool_calls for row in _call(each, look)]


def _call(call: dict[str, Any], look: Look) -> Lines:
    function = call.get("function")
    if not isinstance(function, dict):
        return folded(one_line(_json(call)), "", look)
    name, given = str(function.get("name", "")), function.get("arguments")
    if not look.unfolded:
        return folded(one_line(f"{name}({_words(given)})"), "", look)
    told = json.dumps(given, ensure_ascii=False, indent=2, default=str)
    return [*folded(one_line(name), "", look), *(quiet(told, look) if given else ())]


def _words(given: object) -> str:
    if isinstance(given, dict):
        return ", ".join(f"{name}={_json(value)}" for name, value in given.items())
    return str(given or "")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
