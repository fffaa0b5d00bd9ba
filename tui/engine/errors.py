"""What the engine tells its clients when it cannot do what they ask."""


class EngineError(Exception):
    """A refusal or a failure, with the HTTP status it is answered with.

    The texts are part of the protocol: clients match some of them, so they are not translated.
    """

    def __init__(self, text: str, status: int = 500) -> None:
        super().__init__(text)
        self.status = status


def of_disk(error: OSError) -> EngineError:
    """Disks fill up and folders are read-only: the system's own words say it best."""
    where = f"{error.filename}: " if error.filename else ""
    return EngineError(where + (error.strerror or str(error)).lower())
