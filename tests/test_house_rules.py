"""What no linter checks: ids of bindings, translatable texts, and the ceilings of the code."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import tui

SOURCES = sorted(Path(tui.__file__).parent.rglob("*.py"))
FILE, CLASS, FUNCTION = 250, 200, 40


def modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(tui.__path__, "tui."):
        if not found.name.startswith("tui.engine") and found.name != "tui.__main__":
            yield found.name


def nodes() -> set[type[DOMNode]]:
    found: set[type[DOMNode]] = set()
    for name in modules():
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, DOMNode):
                found.add(value)
    return {node for node in found if node.__module__.startswith("tui.")}


def test_every_binding_can_be_rebound_by_its_id() -> None:
    for node in nodes():
        for binding in node.__dict__.get("BINDINGS", []):
            assert isinstance(binding, Binding), f"{node.__name__}: {binding}"
            assert binding.id, f"{node.__name__}: {binding.key}"
            assert binding.description or binding.tooltip, f"{node.__name__}: {binding.id}"


def test_an_id_names_one_action() -> None:
    """Places may share an id where the key does the same thing, so that it is rebound once."""
    actions: dict[str, str] = {}
    for node in nodes():
        for binding in node.__dict__.get("BINDINGS", []):
            action = actions.setdefault(binding.id, binding.action)
            assert action == binding.action, f"{node.__name__}: {binding.id}"


@pytest.mark.parametrize(
    "source", SOURCES, ids=lambda path: str(path.relative_to(SOURCES[0].parent))
)
def test_the_code_stays_below_its_ceilings(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            assert (node.end_lineno or 0) - node.lineno < CLASS, node.name
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < FUNCTION, node.name


@pytest.mark.parametrize(
    "source", SOURCES, ids=lambda path: str(path.relative_to(SOURCES[0].parent))
)
def test_texts_can_be_translated(source: Path) -> None:
    """gettext finds literals only: a text put together before `_` sees it is never translated."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "many"):
            texts = node.args[:1] if getattr(node.func, "id", "") == "_" else node.args[:2]
            assert all(isinstance(text, ast.Constant) for text in texts), ast.unparse(node)
