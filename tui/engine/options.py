"""Ollama's options: checked, filled with their defaults, and said in llama.cpp's words."""

from dataclasses import dataclass
from typing import Any, Self

from tui.engine import settings
from tui.engine.errors import EngineError
from tui.engine.gguf import Gguf

_INTEGERS = {
    "num_ctx": 4096,
    "num_batch": 0,
    "num_gpu": -1,
    "main_gpu": 0,
    "num_thread": 0,
    "num_keep": 4,
    "seed": -1,
    "num_predict": -1,
    "top_k": 40,
    "repeat_last_n": 64,
}
_NUMBERS = {
    "temperature": 0.8,
    "top_p": 0.9,
    "min_p": 0.0,
    "typical_p": 1.0,
    "repeat_penalty": 1.0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
}
_SAME_NAMES = (*_NUMBERS, "top_k", "repeat_last_n")
_RANDOM_SEED = 2**32 - 1
_LEAST_CONTEXT, _LEAST_FOR_IMAGES = 8, 2048
_MOST_CONTEXT = 131_072
"""Where a model tells no length: a huge window fails only after a minute."""
_ENDLESS = 10
"""An answer without a limit ends after this many times the context."""


def checked(*layers: dict[str, Any]) -> dict[str, Any]:
    """Options of the right types, a later layer before an earlier one; others are let pass."""
    merged = {key: value for layer in layers for key, value in layer.items() if value is not None}
    return {key: _typed(key, value) for key, value in merged.items()}


def _typed(key: str, value: object) -> object:
    if key in _INTEGERS:
        return int(_number(key, value, "integer"))
    if key in _NUMBERS:
        return _number(key, value, "float32")
    if key == "use_mmap" and not isinstance(value, bool):
        raise _wrong(key, "boolean")
    if key == "stop":
        return _texts(value)
    return value


def _number(key: str, value: object, kind: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(key, kind)
    return value


def _texts(value: object) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise _wrong("stop", "array")
    return values


def _wrong(key: str, kind: str) -> EngineError:
    return EngineError(f'option "{key}" must be of type {kind}')


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """The options that a model is loaded with; another value of one loads it again."""

    context: int
    """Tokens of the window, never more than the model was trained for."""
    batch: int = 0
    gpu_layers: int = -1
    main_gpu: int = 0
    mmap: bool | None = None
    threads: int = 0
    parallel: int = 1
    """Answers at the same time, each with a window of its own."""
    shift: bool = True
    """Whether the oldest half is forgotten when the window is full while answering."""

    @classmethod
    def choose(
        cls, header: Gguf, options: dict[str, Any], *, shift: bool = True, sees: bool = False
    ) -> Self:
        """From checked options, for one model; one that sees has room for an image."""
        return cls(
            context=_window(header, options, _LEAST_FOR_IMAGES if sees else _LEAST_CONTEXT),
            batch=max(options.get("num_batch", 0), 0),
            gpu_layers=options.get("num_gpu", -1),
            main_gpu=options.get("main_gpu", 0),
            mmap=options.get("use_mmap"),
            threads=max(options.get("num_thread", 0), 0),
            parallel=settings.parallel(),
            shift=shift,
        )

    @property
    def cells(self) -> int:
        """Tokens of all windows together."""
        return self.context * self.parallel


def _window(header: Gguf, options: dict[str, Any], least: int) -> int:
    wanted = int(options.get("num_ctx", 0))
    if wanted <= 0:
        wanted = settings.context_length()
    trained = header.number("context_length") or _MOST_CONTEXT
    return max(min(max(wanted, least), trained), _LEAST_CONTEXT)


def sampling(options: dict[str, Any], context: int) -> dict[str, Any]:
    """The body of a completion: every option said, because llama.cpp's defaults differ."""
    defaults: dict[str, Any] = {**_NUMBERS, **_INTEGERS}
    chosen = {**defaults, **options}
    limit = chosen["num_predict"] if chosen["num_predict"] > 0 else _ENDLESS * context
    body = {name: chosen[name] for name in _SAME_NAMES}
    return body | {
        "seed": chosen["seed"] if chosen["seed"] >= 0 else _RANDOM_SEED,
        "n_predict": limit,
        "max_tokens": limit,
        "n_keep": chosen["num_keep"],
        "stop": chosen.get("stop", []),
        "cache_prompt": True,
    }
