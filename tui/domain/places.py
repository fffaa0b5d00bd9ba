"""Where the program keeps its things."""

import os
from pathlib import Path
from typing import Self

import msgspec

_NAME = "ollama-tui"


class Places(msgspec.Struct, frozen=True):
    """The four folders of the program; nothing is created by naming them."""

    data: Path
    config: Path
    state: Path
    cache: Path

    @classmethod
    def find(cls) -> Self:
        """The platform's folders, or all four below `OLLAMA_TUI_HOME`."""
        if home := os.environ.get("OLLAMA_TUI_HOME"):
            return cls.below(home_path(home).absolute())
        import platformdirs

        return cls(
            platformdirs.user_data_path(_NAME, appauthor=False),
            platformdirs.user_config_path(_NAME, appauthor=False),
            platformdirs.user_state_path(_NAME, appauthor=False),
            platformdirs.user_cache_path(_NAME, appauthor=False),
        )

    @classmethod
    def below(cls, home: Path) -> Self:
        """All four folders below one."""
        return cls(home / "data", home / "config", home / "state", home / "cache")

    @property
    def sessions(self) -> Path:
        """One JSON file a conversation."""
        return self.data / "sessions"

    @property
    def attachments(self) -> Path:
        """Files that messages carry, each by its sha256."""
        return self.data / "attachments"

    @property
    def models(self) -> Path:
        """The embedded engine's model store, in Ollama's layout."""
        return self.data / "models"

    @property
    def queue(self) -> Path:
        """One JSON file a job of the download queue."""
        return self.state / "queue"

    @property
    def titles(self) -> Path:
        """What the list of sessions shows, found anew in their files at will."""
        return self.cache / "titles.json"

    @property
    def index(self) -> Path:
        """The full text of all sessions, rebuilt from their files at will."""
        return self.cache / "index.sqlite"

    @property
    def taken(self) -> Path:
        """Which sessions the full text has, and as of when."""
        return self.cache / "taken.json"

    @property
    def log(self) -> Path:
        """Rotating logs, without secrets and without message text."""
        return self.state / "log"


def home_path(text: str | Path) -> Path:
    """A path in which `~` is a home folder; one of nobody's is a name like any other."""
    return Path(os.path.expanduser(text))  # noqa: PTH111  # pathlib's raises where nobody has it
