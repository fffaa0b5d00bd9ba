"""Which conversations are open, in which order, with what typed and not sent."""

from tui.domain.branching import Cut
from tui.domain.language import _
from tui.domain.questions import joined
from tui.domain.session import Session
from tui.store.workspace import Workspace
from tui.widgets.glyphs import g
from tui.widgets.tab_strip import Tab

Place = tuple[str, int]
"""A line of a conversation: the message it stands in, and which of its lines it is."""


class OpenTabs:
    """The open tabs; plain state, drawn by the strip and kept by the workspace."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.active = ""
        """The id of the tab shown; empty when none is open."""
        self.drafts: dict[str, str] = {}
        self.unseen: set[str] = set()
        """Tabs whose answer ended while another one was shown."""
        self.scrolled: dict[str, Place] = {}
        """Where each tab was left; a tab that follows its end is not in it."""
        self.cuts: dict[str, list[Cut]] = {}
        """What was deleted from each, the last at the end."""

    def open(self, id: str) -> None:
        """Show a tab, adding it behind the active one if it is not open."""
        if id not in self.ids:
            at = self.ids.index(self.active) + 1 if self.active in self.ids else len(self.ids)
            self.ids.insert(at, id)
        self.active = id
        self.unseen.discard(id)

    def close(self, id: str) -> None:
        """Close a tab and show the one that takes its place."""
        if id not in self.ids:
            return
        at = self.ids.index(id)
        self.ids.remove(id)
        self.unseen.discard(id)
        self.scrolled.pop(id, None)
        self.cuts.pop(id, None)
        if self.active == id:
            self.active = self.ids[min(at, len(self.ids) - 1)] if self.ids else ""
            self.unseen.discard(self.active)

    def leave(self, id: str, place: Place | None) -> None:
        """Note where a tab is read, to be found there again; None for one that follows its end."""
        if place is None or id not in self.ids:
            self.scrolled.pop(id, None)
        else:
            self.scrolled[id] = place

    def neighbour(self, by: int) -> str:
        """The tab so many places further, round the ends."""
        if self.active not in self.ids:
            return self.active
        return self.ids[(self.ids.index(self.active) + by) % len(self.ids)]

    def draft(self, text: str) -> None:
        """Keep what is typed in the active tab."""
        if text:
            self.drafts[self.active] = text
        else:
            self.drafts.pop(self.active, None)

    def found(self, workspace: Workspace) -> None:
        """Take up what the last start of the program left."""
        self.drafts = dict(workspace.drafts)
        self.scrolled = {key: at for key, at in workspace.scrolled.items() if key in self.ids}
        if workspace.active in self.ids:
            self.active = workspace.active
        self.unseen = {*workspace.unseen} & {*self.ids} - {self.active}

    def kept(self, workspace: Workspace, saved: set[str]) -> None:
        """Note in a workspace what is worth finding again: `saved` sessions and all drafts."""
        workspace.tabs = [each for each in self.ids if each in saved]
        workspace.active = self.active if self.active in saved else ""
        workspace.scrolled = {key: at for key, at in self.scrolled.items() if key in saved}
        workspace.unseen = sorted(self.unseen & saved)
        workspace.drafts = {}
        for key, text in self.drafts.items():
            place = key if key in saved else ""
            workspace.drafts[place] = joined(workspace.drafts.get(place, ""), text)


def tab_of(session: Session, *, running: bool, unseen: bool, draft: bool) -> Tab:
    """What the strip shows of a conversation."""
    title = session.title or _("new chat")
    if running:
        return Tab(session.id, title, g.up, "$accent")
    if unseen:
        return Tab(session.id, title, g.unseen, "$success")
    return Tab(session.id, title, g.draft if draft else "", "$muted")
