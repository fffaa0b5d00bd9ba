import pytest

from tui.domain.formats import FormatError, fault, pretty, schema_of

PERSON = schema_of(
    """{"type": "object", "required": ["name", "age"], "properties": {
        "name": {"type": "string"}, "age": {"type": ["integer", "null"]},
        "sex": {"enum": ["f", "m"]},
        "pets": {"type": "array", "items": {"type": "object", "required": ["name"]}}}}"""
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"name": "Ann", "age": 3}', ""),
        ('{"name": "Ann", "age": null, "more": 1, "pets": [{"name": "Rex"}]}', ""),
        ('{"name": "Ann"}', "age is missing"),
        ('{"name": 1, "age": 3}', "name is not of the type string"),
        ('{"name": "Ann", "age": true}', "age is not of the type integer / null"),
        ('{"name": "Ann", "age": 3.5}', "age is not of the type integer / null"),
        ('{"name": "Ann", "age": 3, "sex": "x"}', 'sex is none of ["f", "m"]'),
        ('{"name": "Ann", "age": 3, "pets": [{}]}', "pets[0].name is missing"),
        ("[]", "the answer is not of the type object"),
        ("Ann is 3.", "no JSON: "),
        ("", "no JSON: "),
    ],
)
def test_an_answer_is_held_against_its_schema(answer: str, said: str) -> None:
    found = fault(answer, PERSON)
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_without_a_schema_any_json_will_do() -> None:
    assert fault("[1, 2]", "json") == ""
    assert fault("[1, 2", "json").startswith("no JSON: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "no JSON"), ("[1]", "is an object"), ('{"type": "text"}', "no type text")],
)
def test_what_is_no_schema_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        schema_of(text)


def test_json_is_made_readable_and_the_rest_left_alone() -> None:
    assert pretty('{"a":["é"]}') == '{\n  "a": [\n    "é"\n  ]\n}'
    assert pretty("no json") == "no json"
