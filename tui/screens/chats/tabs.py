"""Which conversations are open, in which order, with what typed and not sent."""

from tui.domain.branching import Cut
from tui.domain.language import _
from tui.domain.session import Session
from tui.store.workspace import Workspace
from tui.widgets.glyphs import g
from tui.widgets.tab_strip import Tab


class OpenTabs:
    """The open tabs; plain state, drawn by the strip and kept by the workspace."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.active = ""
        """The id of the tab shown; empty when none is open."""
        self.drafts: dict[str, str] = {}
        self.unseen: set[str] = set()
        """Tabs whose answer ended while another one was shown."""
        self.scrolled: dict[str, int] = {}
        """Where each tab was left, in lines; a tab that follows its end is not in it."""
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

    def kept(self, workspace: Workspace, saved: set[str]) -> None:
        """Note in a workspace what is worth finding again: `saved` sessions and all drafts."""
        workspace.tabs = [each for each in self.ids if each in saved]
        workspace.active = self.active if self.active in saved else ""
        workspace.drafts = {
            key if key in saved else "": text for key, text in self.drafts.items() if text
        }


def tab_of(session: Session, *, running: bool, unseen: bool, draft: bool) -> Tab:
    """What the strip shows of a conversation."""
    title = session.title or _("new chat")
    if running:
        return Tab(session.id, title, g.up, "$accent")
    if unseen:
        return Tab(session.id, title, g.unseen, "$success")
    return Tab(session.id, title, g.draft if draft else "", "$muted")
