"""The models of the fake server, as Ollama tells of them."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

GB = 1_000_000_000

_KNOWN = {  # bytes, parameters
    "llama3.2:3b": (2_019_393_189, "3.2B"),
    "qwen3:8b": (5_225_388_164, "8.2B"),
    "gemma3:4b": (3_338_801_804, "4.3B"),
    "mistral:7b": (4_372_824_384, "7.2B"),
    "deepseek-r1:14b": (8_988_112_209, "14.8B"),
    "phi4:14b": (9_053_116_391, "14.7B"),
    "nomic-embed-text:latest": (274_302_450, "137M"),
}
NAMES = [*_KNOWN][:-1]
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
FOREVER = timedelta(days=292 * 365)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def full(name: str) -> str:
    """A name with its tag, as the server lists it."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def make(name: str, modified: datetime, capabilities: list[str]) -> dict[str, Any]:
    """A line of `/api/tags`."""
    family = re.sub(r"[:.-].*", "", name.rpartition("/")[2])
    size, parameters = _KNOWN.get(name, (2 * GB, "3.2B"))
    return {
        "name": name,
        "model": name,
        "modified_at": stamp(modified),
        "size": size,
        "digest": sha(name),
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": family,
            "families": [family],
            "parameter_size": parameters,
            "quantization_level": "Q4_K_M",
            "context_length": 131072,
            "embedding_length": 3072,
        },
        "capabilities": capabilities,
    }


def card(model: dict[str, Any], made_of: dict[str, Any]) -> dict[str, Any]:
    """The answer of `/api/show`; `made_of` is the body of the create it came from."""
    details, family = model["details"], model["details"]["family"]
    parameters = {"stop": "<|eot_id|>", "temperature": 0.7} | made_of.get("parameters", {})
    return {
        "license": "MIT License",
        "modelfile": f"FROM {model['name']}\n",
        "parameters": "\n".join(
            f"{key:<30} {_quoted(each)}"
            for key, value in parameters.items()
            for each in (value if isinstance(value, list) else [value])
        ),
        "template": made_of.get("template", "{{ .System }}{{ .Prompt }}"),
        "system": made_of.get("system", ""),
        "messages": made_of.get("messages") or None,
        "details": details,
        "model_info": {
            "general.architecture": family,
            "general.parameter_count": 3_212_749_888,
            f"{family}.context_length": details["context_length"],
            f"{family}.embedding_length": details["embedding_length"],
            f"{family}.block_count": 28,
        },
        "capabilities": model["capabilities"],
        "modified_at": model["modified_at"],
    }


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def span(keep_alive: object) -> timedelta:
    """A `keep_alive`: seconds, or a duration as Go writes it; below zero is for ever."""
    if isinstance(keep_alive, int | float):
        return timedelta(seconds=keep_alive) if keep_alive >= 0 else FOREVER
    parts = re.findall(r"(\d+)(ms|h|m|s)", str(keep_alive))
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in parts)
    return FOREVER if str(keep_alive).startswith("-") else timedelta(seconds=seconds)
