"""Whose servers speak OpenAI's API, how they are told apart, and what each takes beyond it.

Sources: ChatCompletionRequest and ModelCard of vLLM and of SGLang, the README of llama.cpp's
server, the REST API of LM Studio, `/v1/models` of Ray Serve and LiteLLM, as of November 2026.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

_EVERYWHERE = {
    "temperature": "temperature",
    "top_p": "top_p",
    "seed": "seed",
    "stop": "stop",
    "presence_penalty": "presence_penalty",
    "frequency_penalty": "frequency_penalty",
    "num_predict": "max_tokens",
}
_OF_VLLM = {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"}
_OF_LLAMA_CPP = {
    "top_k": "top_k",
    "min_p": "min_p",
    "typical_p": "typical_p",
    "repeat_penalty": "repeat_penalty",
    "repeat_last_n": "repeat_last_n",
    "num_keep": "n_keep",
}


class Make(NamedTuple):
    """A program that serves models."""

    title: str
    options: Mapping[str, str] = _EVERYWHERE
    """By Ollama's option, the field of a request that it becomes."""
    goes_on: Literal["by flag", "by itself", "when asked"] = "when asked"
    """How it is brought to go on inside an answer: vLLM is told to, llama.cpp does so where an
    answer comes last, and the others are asked in words."""
    templated: bool = False
    """Whether `chat_template_kwargs` reach the model's template, which can turn thinking off."""
    loaded: bool = False
    """Whether every model that it lists is in memory."""
    tells_loaded: bool = False
    """Whether it tells which are, be it that all are."""
    lists: str = "/v1/models"
    """Where it tells most of its models."""
    versions: Sequence[str] = ()
    """Where it may tell its version."""


VLLM = Make(
    "vLLM",
    _EVERYWHERE | _OF_VLLM,
    "by flag",
    templated=True,
    loaded=True,
    tells_loaded=True,
    versions=("/version",),
)
SGLANG = VLLM._replace(title="SGLang", versions=("/server_info", "/get_server_info"))
LLAMA_CPP = VLLM._replace(
    title="llama.cpp",
    options=_EVERYWHERE | _OF_LLAMA_CPP,
    goes_on="by itself",
    versions=("/props",),
)
RAY = VLLM._replace(title="Ray Serve", loaded=False, tells_loaded=False, versions=())
LM_STUDIO = Make(
    "LM Studio",
    _EVERYWHERE | {"top_k": "top_k", "repeat_penalty": "repeat_penalty"},
    tells_loaded=True,
    lists="/api/v0/models",
)
OLLAMA = Make("Ollama", versions=("/api/version",))
LITELLM = Make("LiteLLM")
VLLM_BY_LITELLM = RAY._replace(title=LITELLM.title)
"""What it does not know itself it passes on to such a one."""
SGLANG_GATEWAY = RAY._replace(title="SGLang gateway")
OTHER = Make(
    "OpenAI API", versions=("/health/readiness/details", "/health/readiness", "/get_server_info")
)

_BY_OWNER = {
    "vllm": VLLM,
    "sglang": SGLANG,
    "llamacpp": LLAMA_CPP,
    "organization-owner": RAY,
    "organization_owner": LM_STUDIO,
    "library": OLLAMA,
}
_READY = {"status", "db"}
"""What LiteLLM tells everybody; its version, since 2026, to those alone who have a key."""


class Software(NamedTuple):
    """What serves models somewhere."""

    make: Make
    version: str = ""
    window: int = 0
    """Tokens of context that each question has, where the list of models does not tell."""
    windows: Mapping[str, int] = {}
    """The same by model, of what passes questions on to several servers."""
    makes: Mapping[str, Make] = {}
    """By model, those of them that are known to take more than all do."""

    @property
    def told(self) -> bool:
        """Whether it told anything of itself."""
        return bool(self.version or self.window)

    @property
    def takes(self) -> frozenset[str]:
        """The options that it takes, be it with some models alone."""
        return frozenset(self.make.options).union(*(each.options for each in self.makes.values()))

    def make_for(self, model: str) -> Make:
        """What answers where this model is asked."""
        return self.makes.get(model, self.make)

    @property
    def shown(self) -> str:
        """The make, and the version if that is told."""
        return f"{self.make.title} {self.version}".strip()


def make_of(entries: Sequence[Mapping[str, Any]]) -> Make:
    """Whose list of models this is, by the owner that it names."""
    owners = (_BY_OWNER.get(str(entry.get("owned_by"))) for entry in entries)
    return next(filter(None, owners), OTHER)


def software_of(make: Make, told: Mapping[str, Any]) -> Software:
    """What an answer on versions says: each make has a name of its own for it."""
    if "litellm_version" in told or told.keys() >= _READY:
        return Software(LITELLM, str(told.get("litellm_version") or ""))
    if "router_manager" in told:
        return Software(SGLANG_GATEWAY)
    build = str(told.get("build_info") or "").partition("-")[0].removesuffix("b0")
    settings = told.get("default_generation_settings")
    window = settings.get("n_ctx") if isinstance(settings, dict) else 0
    version = build or str(told.get("version") or "")
    return Software(make, version, window if isinstance(window, int) else 0)


def makes_of(told: Mapping[str, Any]) -> dict[str, Make]:
    """By name, the models in LiteLLM's `GET /model/info` that nothing but vLLM serves."""
    entries = _entries_of(told)
    served = {str(each.get("model_name")) for each in entries if _is_vllm(each)}
    others = {str(each.get("model_name")) for each in entries if not _is_vllm(each)}
    return dict.fromkeys(served - others, VLLM_BY_LITELLM)


def _entries_of(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    data = told.get("data")
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def _is_vllm(entry: Mapping[str, Any]) -> bool:
    asked = entry.get("litellm_params")
    return isinstance(asked, dict) and str(asked.get("model")).startswith("hosted_vllm/")


def windows_of(told: Mapping[str, Any]) -> dict[str, int]:
    """The windows in LiteLLM's `GET /model/info`, by the names that models are asked by."""
    found: dict[str, int] = {}
    for each in _entries_of(told):
        about = each.get("model_info")
        if not isinstance(about, dict):
            continue
        window = about.get("max_input_tokens") or about.get("max_tokens")
        if isinstance(window, int):
            found[str(each.get("model_name"))] = window
    return found
