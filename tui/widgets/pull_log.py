"""What happened to a download."""

from textual.reactive import reactive

from tui.domain.language import _
from tui.domain.pulls import Pull
from tui.widgets.lines import Lines, Part, indent, labelled, line
from tui.widgets.plain import one_line, visible
from tui.widgets.sheet import Sheet
from tui.widgets.wrap import wrap


class PullLog(Sheet):
    """What happened to one download: its end below the queue, or all of it as a page."""

    pull: reactive[Pull | None] = reactive(None, repaint=False)

    def watch_pull(self, old: Pull | None, new: Pull | None) -> None:
        if old is None or new is None or (old.id, old.log) != (new.id, new.log):
            self.redraw()

    def draw(self, width: int) -> Lines:
        if self.pull is None:
            return []
        title = _("log of {name}").format(name=one_line(self.pull.name))
        rows = [_entry(moment.astimezone().strftime("%H:%M:%S"), text, width)
                for moment, text in self.pull.log]  # fmt: skip
        flat = [part for each in rows for part in each]
        room = self.size.height - 1
        shown = flat if self.has_focus else flat[-room:] if room > 0 else []
        return indent([labelled(title, max(width - 2, 1)), *shown], 1)


def _entry(when: str, text: str, width: int) -> Lines:
    said = wrap(line(visible(text)), max(width - 12, 10))
    parts: list[Part] = [(when, "$muted"), "  "]
    return [line(*parts, said[0]), *indent(said[1:], 10)]
