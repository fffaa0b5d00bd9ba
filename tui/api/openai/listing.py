"""`GET /v1/models`: what servers tell of their models there, each in words of its own."""

from collections.abc import Mapping
from typing import Any

from tui.api.openai.makes import LLAMA_CPP, Software
from tui.domain.models import Details, LocalModel, ModelCard, RunningModel

Entry = Mapping[str, Any]
"""One of `data`: an `id`, and whatever else."""

_WINDOWS = (
    "max_model_len",  # vLLM, SGLang
    "meta.n_ctx",  # llama.cpp
    "metadata.max_request_context_length",  # Ray Serve
    "loaded_context_length",  # LM Studio, of a model in memory
    "max_input_tokens",  # LiteLLM
    "context_length",
    "context_window",
    "max_context_length",
)
_OF_TYPE = {"embeddings": ["embedding"], "vlm": ["completion", "vision"]}
"""What LM Studio's kinds of models can do; of its third, `llm`, nothing is certain."""
_BILLION, _MILLION = 1e9, 1e6


def window_of(entry: Entry, software: Software) -> int:
    """Tokens that a question and its answer may take; 0 where nobody tells."""
    told = next(filter(None, (_number(entry, each) for each in _WINDOWS)), 0)
    known = software.windows.get(str(entry["id"]), 0) or software.window
    return told or known or _number(entry, "meta.n_ctx_train")


def local(entry: Entry, software: Software) -> LocalModel:
    """A line of the list as one of Ollama's."""
    return LocalModel(
        name=str(entry["id"]),
        size=_number(entry, "meta.size"),
        details=_details(entry, software),
        capabilities=_OF_TYPE.get(_text(entry, "type")),
    )


def running(entry: Entry, software: Software) -> RunningModel | None:
    """The model in memory, without the figures that nobody tells; None where it is not there."""
    if not _is_loaded(entry, software):
        return None
    return RunningModel(
        name=str(entry["id"]),
        details=_details(entry, software),
        context_length=window_of(entry, software),
    )


def card(entry: Entry, props: Entry, software: Software) -> ModelCard:
    """What is known of a model; `props` is what llama.cpp tells besides."""
    template = props.get("chat_template")
    return ModelCard(
        details=_details(entry, software),
        template=template if isinstance(template, str) else "",
        capabilities=_abilities(entry, props),
    )


def _abilities(entry: Entry, props: Entry) -> list[str] | None:
    """What it can do where that is told for certain: who is not sure may still be asked."""
    modalities, caps = props.get("modalities"), props.get("chat_template_caps")
    if not isinstance(modalities, dict):
        return _OF_TYPE.get(_text(entry, "type"))
    told = {
        "completion": True,
        "vision": modalities.get("vision"),
        "tools": isinstance(caps, dict) and caps.get("supports_tools"),
        "thinking": "enable_thinking" in str(props.get("chat_template")),
    }
    return [name for name, can in told.items() if can]


def _is_loaded(entry: Entry, software: Software) -> bool:
    state, status = entry.get("state"), entry.get("status")
    if isinstance(state, str):  # LM Studio
        return state == "loaded"
    if isinstance(status, dict):  # llama.cpp with several models
        return status.get("value") == "loaded"
    if software.make is LLAMA_CPP:  # with one, which tells nothing of it until that is in memory
        return "meta" in entry
    return software.make.loaded


def _details(entry: Entry, software: Software) -> Details:
    base = entry.get("parent") or entry.get("root") or ""
    return Details(
        family=_text(entry, "arch"),
        parameter_size=_parameters(_number(entry, "meta.n_params")),
        quantization_level=_text(entry, "quantization") or _text(entry.get("meta"), "ftype"),
        format=_text(entry, "compatibility_type"),
        parent_model="" if base == entry["id"] else str(base),
        context_length=window_of(entry, software) or None,
    )


def _text(entry: Any, name: str) -> str:  # noqa: ANN401 - whatever a server says
    value = entry.get(name) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def _number(entry: Entry, path: str) -> int:
    value: Any = entry
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, int) else 0


def _parameters(count: int) -> str:
    if count >= _BILLION:
        return f"{count / _BILLION:.1f}B"
    return f"{count / _MILLION:.0f}M" if count else ""
