"""What the engine tells of its models: lines of tags and ps, and the whole of show."""

from datetime import UTC, datetime
from typing import Any

from tui.engine import gguf, memory
from tui.engine.abilities import is_jinja
from tui.engine.answers import moment
from tui.engine.gguf import BadGguf, Gguf
from tui.engine.models import Model
from tui.engine.scheduler import Place

_FOREVER = datetime(2318, 1, 1, tzinfo=UTC)
"""How Ollama writes an end that never comes."""

_STEPS = ((10**12, "T", 1), (10**9, "B", 1), (10**6, "M", 2), (10**3, "K", 0))


def human(count: int) -> str:
    """A number of parameters as Ollama writes it: 134.52M, 7B, 8.2B."""
    for step, unit, digits in _STEPS:
        if count >= step:
            return f"{count / step:.{0 if count % step == 0 else digits}f}{unit}"
    return str(count)


def details(model: Model) -> dict[str, Any]:
    """The short facts."""
    header = model.header
    if header is None:
        family = model.config.get("model_family", "")
        facts = model.config.get("model_format", ""), family, model.config.get("model_type", "")
        quantization = model.config.get("file_type", "")
    else:
        family = header.architecture
        facts = "gguf", family, human(header.parameter_count)
        quantization = header.file_type
    return {
        "parent_model": model.parent,
        "format": facts[0],
        "family": family,
        "families": [family] if family else None,
        "parameter_size": facts[2],
        "quantization_level": quantization,
    }


def listed(model: Model) -> dict[str, Any]:
    """A line of tags."""
    lengths = {
        key: model.header.number(key) for key in ("context_length", "embedding_length")
    } if model.header else {}  # fmt: skip
    return {
        "name": model.name,
        "model": model.name,
        "modified_at": moment(model.entry.modified_at),
        "size": model.entry.manifest.size,
        "digest": model.entry.digest,
        "details": details(model) | {key: value for key, value in lengths.items() if value},
        "capabilities": model.capabilities,
    }


def running(place: Place) -> dict[str, Any]:
    """A line of ps."""
    model, runner = place.model, place.runner
    size = memory.needed(model.header, runner.options.cells) if model.header else 0
    return {
        "name": model.name,
        "model": model.name,
        "size": size,
        "digest": model.entry.digest,
        "details": details(model),
        "expires_at": moment(_expires(place)),
        "size_vram": min(runner.vram, size),
        "context_length": runner.options.context,
    }


def _expires(place: Place) -> datetime:
    try:
        return min(datetime.fromtimestamp(place.expires, UTC), _FOREVER)
    except (OverflowError, ValueError):
        return _FOREVER


def shown(model: Model, *, verbose: bool = False) -> dict[str, Any]:
    """Everything about one model; what it does not have is left out."""
    header = model.header
    if header and verbose and model.weights:
        header = gguf.read(model.weights, arrays=True)
    template = model.template or (header.template if header else "")
    optional = {
        "license": "\n".join(model.licenses),
        "parameters": parameter_lines(model.parameters),
        "template": template,
        "system": model.system,
        "messages": model.messages,
        "projector_info": _projected(model),
        **{key: model.config.get(key) for key in ("renderer", "parser", "requires")},
    }
    return {
        "modelfile": modelfile(model, template),
        **{key: value for key, value in optional.items() if value},
        "details": details(model),
        "model_info": _facts(header) if header else {},
        "tensors": _tensors(header) if header else [],
        "capabilities": model.capabilities,
        "modified_at": moment(model.entry.modified_at),
    }


def _projected(model: Model) -> dict[str, Any]:
    """What the header of the part that reads images says."""
    try:
        return _facts(gguf.read(model.projector)) if model.projector else {}
    except (OSError, BadGguf):
        return {}


def _facts(header: Gguf) -> dict[str, Any]:
    hidden = "tokenizer.chat_template"
    facts = {key: value for key, value in header.metadata.items() if key != hidden}
    return dict(sorted((facts | {"general.parameter_count": header.parameter_count}).items()))


def _tensors(header: Gguf) -> list[dict[str, Any]]:
    return [
        {"name": tensor.name, "type": tensor.type, "shape": list(tensor.shape)}
        for tensor in header.tensors
    ]


def parameter_lines(parameters: dict[str, Any]) -> str:
    """Parameters as Ollama prints them: a line each, texts quoted, lists a line an item."""
    rows = (
        (name, each)
        for name, value in sorted(parameters.items())
        for each in (value if isinstance(value, list) else [value])
    )
    return "\n".join(f"{name:<30} {_in_go(value)}" for name, value in rows)


def _in_go(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'
    return f"{value:g}" if isinstance(value, float) else str(value)


def modelfile(model: Model, template: str) -> str:
    """The model as a Modelfile."""
    lines = [
        '# Modelfile generated by "ollama show"',
        "# To build a new Modelfile based on this, replace FROM with:",
        f"# FROM {model.name}",
        "",
        f"FROM {model.weights}",
    ]
    if model.adapter:
        lines.append(f"ADAPTER {model.adapter}")
    if template:
        lines += [*_remark(model), f'TEMPLATE """{template}"""']
    if model.system:
        lines.append(f'SYSTEM """{model.system}"""')
    lines += [f"PARAMETER {' '.join(line.split(None, 1))}"
              for line in parameter_lines(model.parameters).splitlines()]  # fmt: skip
    lines += [f'LICENSE """{text}"""' for text in model.licenses]
    lines += [f'MESSAGE {each.get("role")} """{each.get("content")}"""' for each in model.messages]
    return "\n".join(lines) + "\n"


def _remark(model: Model) -> list[str]:
    """That a template in Go's language is kept but not run."""
    if not model.template or is_jinja(model.template):
        return []
    kind = "the chat template inside its GGUF file" if model.jinja else "the ChatML template"
    return [f"# This engine writes the model's conversations with {kind}, not with this TEMPLATE."]
