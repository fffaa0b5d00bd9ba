"""One tree of errors. Their texts are for the user: what happened, why probably, what to do."""


class OllamaError(Exception):
    """Anything the user should hear about; its text is written for them."""


class Unreachable(OllamaError):
    """No server answered."""


class ConnectionRefused(Unreachable):
    """Nothing listens at the address."""


class TimedOut(Unreachable):
    """The address did not answer in time."""


class UnknownHostName(Unreachable):
    """The name of the host leads nowhere."""


class TLSFailed(Unreachable):
    """The server's certificate or its way of encrypting was not accepted."""


class BadGateway(Unreachable):
    """A proxy answered, the server behind it did not."""


class NotOllama(OllamaError):
    """Something answers there, but not as Ollama does."""


class NotOpenAI(OllamaError):
    """Something answers there, but not as OpenAI's API does."""


class NotServed(OllamaError):
    """Servers of this kind cannot do it at all."""


class Unauthorized(OllamaError):
    """The server, or a proxy before it, wants to know who asks."""

    def __init__(self, text: str, signin_url: str = "") -> None:
        super().__init__(text)
        self.signin_url = signin_url
        """Where the server's owner signs in to ollama.com, if that is what is missing."""


class KeyMissing(OllamaError):
    """A key that a host is configured with cannot be had, so nothing was asked."""


class Forbidden(OllamaError):
    """The server knows who asks and says no."""


class ModelNotFound(OllamaError):
    """There is no such model where it was looked for."""

    def __init__(self, text: str, model: str) -> None:
        super().__init__(text)
        self.model = model


class Busy(OllamaError):
    """The server has no room for another request now."""


class StillLoading(Busy):
    """The server answers once its model is in memory."""


class ServerError(OllamaError):
    """The server could not do it and said why."""

    def __init__(self, text: str, status: int, words: str) -> None:
        super().__init__(text)
        self.status = status
        """200 for an error inside a stream."""
        self.words = words
        """What the server said, unchanged."""


class TooLong(ServerError):
    """A conversation that is too long for its model, be it only with the room for an answer."""


class Interrupted(OllamaError):
    """An answer that ended before its end; what had arrived was delivered."""


class BadAnswer(OllamaError):
    """An answer that cannot be read."""
