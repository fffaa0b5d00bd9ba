"""The errors that servers' answers stand for, in words for the user."""

from http import HTTPStatus

from tui.api.advice import advice
from tui.api.errors import (
    BadGateway,
    Busy,
    Forbidden,
    Interrupted,
    ModelNotFound,
    NotOllama,
    OllamaError,
    ServerError,
    TimedOut,
    Unauthorized,
)
from tui.domain.language import _

_SHOWN = 80


def spoken(status: int, words: str, where: str, model: str) -> OllamaError:
    """The error for `words` that the server said; `model` is the one it was asked about."""
    if model and status == HTTPStatus.NOT_FOUND:
        text = _("{where} has no model {model} ({words}). Check its name, or pull it first.")
        return ModelNotFound(text.format(where=where, model=model, words=words), model)
    if model and words.endswith("file does not exist"):
        text = _("{model} is not in its registry ({words}). Check its name and its tag.")
        return ModelNotFound(text.format(model=model, words=words), model)
    said = _("{where} says: {words}").format(where=where, words=words)
    return ServerError(f"{said}\n{advice(words)}".strip(), status, words)


def no_answer(where: str, seconds: float) -> TimedOut:
    """The error for an address that does not even take the call."""
    return TimedOut(
        _(
            "{where} did not answer within {seconds} s. The machine may be off or asleep, or a "
            "firewall swallows what is sent to it: check the address, the tunnel or the VPN."
        ).format(where=where, seconds=f"{seconds:g}")
    )


def silent(where: str, seconds: float) -> TimedOut:
    """The error for a server that took the request and then said nothing."""
    return TimedOut(
        _(
            "{where} took the request but has been silent for {seconds} s. It may be overloaded "
            "or stuck: try again, or look into its log."
        ).format(where=where, seconds=f"{seconds:g}")
    )


def cut_off(where: str) -> Interrupted:
    """The error for an answer that ended before its end."""
    return Interrupted(
        _(
            "The answer of {where} broke off. The server may have been stopped or restarted, or "
            "the connection was cut. What had arrived is kept; try again to go on."
        ).format(where=where)
    )


def not_ollama(where: str, said: str) -> NotOllama:
    """The error for an answer that Ollama would not give; `said` is its body."""
    text = _(
        "Something answers at {where}, but not as Ollama does. Check the address and the port; "
        "Ollama's own is 11434. If it is vLLM, llama.cpp or another server with OpenAI's API, "
        "write /v1 behind its address."
    ).format(where=where)
    first = said.strip().partition("\n")[0][:_SHOWN]
    if first and not first.startswith(("<", "{", "[")):
        text += " " + _("It said: {words}").format(words=first)
    return NotOllama(text)


def redirected(where: str, target: str) -> NotOllama:
    """The error for a server that sends us elsewhere: our credentials are not for there."""
    return NotOllama(
        _(
            "{where} sends us on to {target}. If that is where the server is, write that address "
            "for this host."
        ).format(where=where, target=target)
    )


def unauthorized(where: str, words: str, signin_url: str) -> Unauthorized:
    """The error for an answer of 401."""
    if signin_url:
        text = _("The server at {where} is not signed in to ollama.com. Sign in at {url}")
        return Unauthorized(text.format(where=where, url=signin_url), signin_url)
    text = _(
        "{where} asks for credentials (401), or refuses those it was given. Its settings have a "
        "place for a key, a user and headers: e on the Hosts screen, or config.toml."
    ).format(where=where)
    return Unauthorized(f"{text}\n{words}".strip())


def forbidden(where: str, words: str) -> Forbidden:
    """The error for an answer of 403; Ollama's guard of the Host header says nothing more."""
    if words:
        return Forbidden(
            _("{where} does not allow it (403): {words}").format(where=where, words=words)
        )
    return Forbidden(
        _(
            "{where} refuses requests under this name (403). An Ollama that listens on loopback "
            "only answers names such as localhost, so a tunnel or proxy must send “Host: "
            "localhost:11434”: add that header in the settings of this host."
        ).format(where=where)
    )


def busy(where: str, words: str) -> Busy:
    """The error for a full queue or a rate limit."""
    return Busy(
        _("{where} takes no more requests now ({words}). Try again in a moment.").format(
            where=where, words=words
        )
    )


def busy_for(error: Busy, seconds: int) -> Busy:
    """The same from a server that tells when it is worth asking again."""
    text = _("It asks for a pause of {n} s.").format(n=seconds)
    return type(error)(f"{error}\n{text}")


def bad_gateway(where: str, status: str) -> BadGateway:
    """The error for a proxy that got no answer itself."""
    return BadGateway(
        _(
            "The proxy at {where} got no answer from the server behind it ({status}). That may be "
            "down, or load a model for longer than the proxy waits: raise the proxy's read "
            "timeout."
        ).format(where=where, status=status)
    )
