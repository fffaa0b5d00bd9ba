"""What was found out about models, kept so that it need not be found out again."""

import msgspec

from tui.domain.places import Places
from tui.store.writer import Writer


class Latest(msgspec.Struct, frozen=True):
    """What a registry has under a name."""

    digest: str
    """sha256 of its manifest; empty where it has nothing of that name."""
    at: float
    """When it was asked, in seconds since 1970."""


class Measured(msgspec.Struct, frozen=True):
    """What a model took once it was loaded."""

    size: int
    context: int


class Findings(msgspec.Struct):
    """All of it."""

    latest: dict[str, Latest] = {}
    """By the name in lower case."""
    measured: dict[str, Measured] = {}
    """By host and digest."""


class FindingStore:
    """Loads and saves the findings; a cache, so one that cannot be read begins anew."""

    def __init__(self, places: Places, writer: Writer) -> None:
        self._path = places.cache / "models.json"
        self._writer = writer
        self._findings: Findings | None = None

    @property
    def findings(self) -> Findings:
        """What is known; read when first asked for."""
        if self._findings is None:
            self._findings = self._load()
        return self._findings

    def save(self) -> None:
        """Write them whole."""
        self._writer.write(self._path, msgspec.json.encode(self.findings))

    def _load(self) -> Findings:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Findings)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return Findings()
