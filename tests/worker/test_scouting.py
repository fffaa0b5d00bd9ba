"""Starting the `ollama` that is installed here."""

from pathlib import Path

import pytest

from tui.api.errors import OllamaError
from tui.domain.hosts import HostAddress
from tui.domain.places import Places
from tui.worker.scouting import Scout


def test_where_no_log_can_be_kept_it_says_why_it_does_not_start(tmp_path: Path) -> None:
    places = Places.below(tmp_path)
    places.state.write_bytes(b"")  # a file in the folder's place: nothing can be written
    with pytest.raises(OllamaError, match=r"ollama could not be started: (Not a dir|File exists)"):
        Scout(places).serve(Path("ollama"), HostAddress.parse(""))
