"""What the engine tells its clients when it cannot do what they ask."""


class EngineError(Exception):
    """A refusal or a failure, with the HTTP status it is answered with.

    The texts are part of the protocol: clients match some of them, so they are not translated.
    """

    def __init__(self, text: str, status: int = 500) -> None:
        super().__init__(text)
        self.status = status
