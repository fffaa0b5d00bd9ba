"""Model names as Ollama reads them: `[host/][namespace/]model[:tag]`."""

import re
from typing import Self

import msgspec

from tui.domain.language import _

DEFAULT_HOST = "registry.ollama.ai"
DEFAULT_NAMESPACE = "library"
DEFAULT_TAG = "latest"

_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}")
_NAMESPACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,79}")
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
_MAX_PARTS = 3


class BadModelName(ValueError):
    """A text that names no model; its text is written for the user."""


class ModelName(msgspec.Struct, frozen=True):
    """Where a model comes from and what it is called there."""

    host: str
    namespace: str
    model: str
    tag: str
    scheme: str = "https"
    """`http` only where the user wrote it: a registry without TLS."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a name as the user or a server writes it. Raises BadModelName."""
        scheme, separator, rest = text.strip().partition("://")
        if not separator:
            scheme, rest = "https", text.strip()
        path, tag = _cut_tag(rest)
        parts = path.split("/")
        if len(parts) > _MAX_PARTS or scheme not in ("http", "https"):
            raise BadModelName(_bad(text))
        model = parts[-1]
        namespace = parts[-2] if len(parts) > 1 else DEFAULT_NAMESPACE
        host = parts[-3] if len(parts) == _MAX_PARTS else DEFAULT_HOST
        name = cls(host, namespace, model, tag, scheme)
        if not name._valid:
            raise BadModelName(_bad(text))
        return name

    @property
    def _valid(self) -> bool:
        parts = self.host, self.namespace, self.model, self.tag
        patterns = _HOST, _NAMESPACE, _PART, _PART
        return all(map(re.fullmatch, patterns, parts))

    @property
    def short(self) -> str:
        """The display form: without the default host and namespace, always with the tag."""
        if self.host != DEFAULT_HOST:
            return f"{self.host}/{self.namespace}/{self.model}:{self.tag}"
        if self.namespace != DEFAULT_NAMESPACE:
            return f"{self.namespace}/{self.model}:{self.tag}"
        return f"{self.model}:{self.tag}"

    @property
    def asked(self) -> str:
        """The display form as it is to be asked for: with `http://` where that was written."""
        return self.short if self.scheme == "https" else f"http://{self.short}"

    @property
    def folded(self) -> Self:
        """The form to compare by: Ollama matches names without regard to case."""
        return msgspec.structs.replace(
            self,
            host=self.host.lower(),
            namespace=self.namespace.lower(),
            model=self.model.lower(),
            tag=self.tag.lower(),
            scheme="https",
        )


def same_model(one: str, other: str) -> bool:
    """Whether two texts name the same model; texts that are no names are compared as they are."""
    try:
        return ModelName.parse(one).folded == ModelName.parse(other).folded
    except BadModelName:
        return one == other


def _cut_tag(text: str) -> tuple[str, str]:
    """The colon counts as a tag's only behind the last slash; before it, it is a port's."""
    colon = text.rfind(":")
    if colon > text.rfind("/"):
        return text[:colon], text[colon + 1 :]
    return text, DEFAULT_TAG


def _bad(text: str) -> str:
    shown = text if text.strip() else _("(nothing)")
    return _(
        "{name} is not a model name. A name looks like llama3:8b, user/model or "
        "hf.co/user/repo:Q4_K_M."
    ).format(name=shown)
