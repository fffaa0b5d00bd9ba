"""What a model can do, read from its file and its template."""

from tui.engine.gguf import Gguf

_THINKS = ("enable_thinking", "<think>", "reasoning_content", "<|channel|>")
_JINJA = "{%"


def is_jinja(template: str) -> bool:
    """Whether a template is of the kind llama.cpp runs, and not of the Go programs' kind."""
    return _JINJA in template


def capabilities(header: Gguf, template: str) -> list[str]:
    """In Ollama's words; `template` is the one that its conversations are written with."""
    embeds = f"{header.architecture}.pooling_type" in header.metadata
    found = {
        "embedding" if embeds else "completion": True,
        "vision": f"{header.architecture}.vision.block_count" in header.metadata,
        "tools": "tools" in template,
        "insert": bool(header.infill) and not embeds,
        "thinking": any(mark in template for mark in _THINKS),
    }
    return [name for name, can in found.items() if can]
