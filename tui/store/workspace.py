"""What was open when the program was last left."""

from pathlib import Path

import msgspec

from tui.domain.places import Places
from tui.domain.unicode import writable
from tui.domain.view import ChatView
from tui.store.files import as_json, set_aside
from tui.store.writer import Writer

_HISTORY_LINES = 500


class Workspace(msgspec.Struct, kw_only=True):
    """Open tabs, where they were left, drafts and the host last used."""

    tabs: list[str] = []
    """Ids of the sessions in the tab strip."""
    active: str = ""
    drafts: dict[str, str] = {}
    """Text typed and not sent, by session id; `""` is the new chat's."""
    scrolled: dict[str, tuple[str, int]] = {}
    """Where each tab was left, as a message's id and one of its lines; at its end if not here."""
    unseen: list[str] = []
    """Tabs whose answer nobody has looked at yet."""
    host: str = ""
    models: dict[str, str] = {}
    """The model last used on each host."""
    view: ChatView = ChatView()


class TableView(msgspec.Struct, frozen=True):
    """How the user looks at the table of models."""

    order: str = "name"
    backwards: bool = False
    filter: str = "all"
    family: str = ""


class WorkspaceStore:
    """Loads and saves the workspace, the view of the models and the history of the prompt."""

    def __init__(self, places: Places, writer: Writer) -> None:
        self._path = places.state / "workspace.json"
        self._history = places.state / "history"
        self._view = places.state / "models-view.json"
        self._writer = writer
        self.damaged: list[str] = []
        """One sentence for each file that was moved aside."""
        self._own: dict[str, str] = {}
        """Drafts as this program last read or wrote them; others are those of other programs."""

    def load(self) -> Workspace:
        """The last workspace, or an empty one."""
        found = Workspace()
        try:
            found = self._read()
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            self.damaged.append(set_aside(self._path, error))
        except OSError:
            pass
        self._own = dict(found.drafts)
        return found

    def save(self, workspace: Workspace) -> None:
        """Write the workspace whole, with the drafts that other programs keep there."""
        drafts = self._drafts_of_others()
        self._own |= {key: writable(text) for key, text in workspace.drafts.items()}
        whole = msgspec.structs.replace(workspace, drafts=drafts | workspace.drafts)
        self._writer.write(self._path, msgspec.json.format(as_json(whole), indent=1))

    def _drafts_of_others(self) -> dict[str, str]:
        try:
            found = self._read().drafts
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}
        return {key: text for key, text in found.items() if self._own.get(key) != text}

    def _read(self) -> Workspace:
        data = self._writer.coming(self._path) or self._path.read_bytes()
        return msgspec.json.decode(data, type=Workspace)

    def view(self) -> TableView:
        """How the models were looked at last."""
        try:
            return msgspec.json.decode(self._view.read_bytes(), type=TableView)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return TableView()

    def keep_view(self, view: TableView) -> None:
        """Remember how the models are looked at."""
        self._writer.write(self._view, as_json(view))

    def history(self) -> list[str]:
        """What was sent before, oldest first."""
        try:
            lines = self._history.read_bytes().splitlines(keepends=True)
        except OSError:
            return []
        if len(lines) > 2 * _HISTORY_LINES:
            self._writer.write(self._history, b"".join(lines[-_HISTORY_LINES:]))
        lines = lines[-_HISTORY_LINES:]
        entries = []
        for line in lines:
            try:
                entries.append(msgspec.json.decode(line, type=str))
            except (msgspec.MsgspecError, UnicodeDecodeError):
                continue
        return entries

    def keep_copy(self, text: str) -> Path:
        """Keep what was copied in a file; terminals do not tell whether they took it."""
        path = self._path.with_name("last-copy.txt")
        self._writer.write(path, text.encode(errors="replace"))
        return path

    def remember(self, text: str) -> None:
        """Add to the history."""
        self._writer.append(self._history, as_json(text) + b"\n")
