"""The form that answers can be asked for in: JSON, or JSON by a schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tui.domain.language import _

Schema = dict[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


_UNREADABLE = (ValueError, RecursionError)
"""What reading JSON raises; the second where it is nested without end."""


class FormatError(ValueError):
    """A text that is no JSON schema; the text is for the user."""


def schema_of(text: str) -> Schema:
    """The JSON schema that a text holds. Raises FormatError."""
    try:
        schema = json.loads(text)
    except _UNREADABLE as error:
        raise FormatError(_("This is no JSON: {why}.").format(why=error)) from error
    if not isinstance(schema, dict):
        raise FormatError(_('A JSON schema is an object, such as {"type": "object"}.'))
    unknown = [name for name in _names(schema.get("type")) if name not in _TYPES]
    if unknown:
        text = _("A JSON schema knows no type {name}. There are {known}.")
        raise FormatError(text.format(name=unknown[0], known=", ".join(_TYPES)))
    return schema


def fault(text: str, form: str | Schema) -> str:
    """What keeps a text from being the JSON that was asked for; empty if nothing does."""
    try:
        value = json.loads(text)
    except _UNREADABLE as error:
        return _("no JSON: {why}").format(why=error)
    return next(_faults(value, form, ""), "") if isinstance(form, dict) else ""


def pretty(text: str) -> str:
    """JSON with a line for each of its values; anything else as it is."""
    try:
        value = json.loads(text)
    except _UNREADABLE:
        return text
    return json.dumps(value, indent=2, ensure_ascii=False)


def _faults(value: object, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    """The first is the most telling. What a schema says beyond this is not looked at."""
    place = path or _("the answer")
    types = _names(schema.get("type"))
    if types and not any(_is(value, name) for name in types):
        yield _("{place} is not of the type {type}").format(place=place, type=" / ".join(types))
        return
    if isinstance(choices := schema.get("enum"), list) and value not in choices:
        yield _("{place} is none of {values}").format(
            place=place, values=json.dumps(choices, ensure_ascii=False)
        )
    if isinstance(value, dict):
        yield from _in_object(value, schema, path)
    elif isinstance(value, list) and isinstance(items := schema.get("items"), dict):
        for number, each in enumerate(value):
            yield from _faults(each, items, f"{path}[{number}]")


def _in_object(value: dict[str, object], schema: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in _names(schema.get("required")):
        if name not in value:
            yield _("{name} is missing").format(name=_below(path, name))
    properties = schema.get("properties")
    for name, each in (properties if isinstance(properties, dict) else {}).items():
        if name in value and isinstance(each, dict):
            yield from _faults(value[name], each, _below(path, name))


def _is(value: object, name: str) -> bool:
    if isinstance(value, bool):  # which Python takes for a number
        return name == "boolean"
    return isinstance(value, _TYPES.get(name, (object,)))


def _names(value: object) -> list[str]:
    """One name or several, as schemas write both."""
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, str)]


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
