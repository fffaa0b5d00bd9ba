"""What is installed: exact versions of all of it, and no address of where it came from."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINNED = {canonicalize_name(line.partition("==")[0]) for line in LINES}


def needs(wanted: Requirement) -> list[Requirement]:
    """What a distribution needs here, with the extras that are wanted of it."""
    told = importlib.metadata.requires(wanted.name) or []
    found = [Requirement(text) for text in told]
    extras = wanted.extras or {""}
    return [
        each
        for each in found
        if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in extras)
    ]


def test_every_version_is_pinned_that_the_tests_run_with() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [Requirement(text) for text in settings["dependency-groups"]["dev"]]
    waiting, seen = [Requirement("ollama-tui[local]"), *groups], {"ollama-tui"}
    while waiting:
        wanted = waiting.pop()
        for each in [wanted, *needs(wanted)]:
            if (name := canonicalize_name(each.name)) not in seen:
                seen.add(name)
                waiting.append(each)
    assert seen - PINNED == {"ollama-tui"}


def test_constraints_name_exact_versions_and_nothing_else() -> None:
    assert [line for line in LINES if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert sorted(LINES, key=canonicalize_name) == LINES
