"""What stands in the way of a server of OpenAI's API, told from httpx's exceptions."""

import httpx

from tui.api.errors import ConnectionRefused, NotOllama, OllamaError
from tui.api.openai.refusals import not_openai
from tui.api.troubles import trouble_of
from tui.domain.language import _


def failed(error: httpx.RequestError, where: str, seconds: float) -> OllamaError:
    """The error for a request that got no answer, or for an answer that broke off."""
    found = trouble_of(error, where, seconds)
    if isinstance(found, NotOllama):
        return not_openai(where, b"")
    if not isinstance(found, ConnectionRefused):
        return found
    return ConnectionRefused(
        _(
            "Nothing listens at {where}. The server may not be running, may still be loading its "
            "model, or may serve its own machine only: SGLang and llama.cpp are started with "
            "--host 0.0.0.0 to serve others. Check the address and the port, too."
        ).format(where=where)
    )
