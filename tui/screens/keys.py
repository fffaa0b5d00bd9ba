"""Every key and command of the program, place by place, for the page that shows them."""

from textual.dom import DOMNode

from tui.domain.language import _
from tui.screens.chats.drawer import Drawer
from tui.screens.chats.pane import ChatPane
from tui.screens.chats.reading import Reading
from tui.screens.chats.screen import ChatsScreen
from tui.screens.chats.slash import COMMANDS
from tui.screens.chats.welcome import Welcome
from tui.screens.help import help_section, table_sections
from tui.widgets.glyphs import g
from tui.widgets.help_sheet import HelpSection
from tui.widgets.key_bar import Hint, key_name
from tui.widgets.prompt import Prompt
from tui.widgets.session_list import Sessions
from tui.widgets.walking import Walking


def sections(app: type[DOMNode]) -> list[HelpSection]:
    """What each place of the program understands, the most used first."""
    sending = [
        Hint("enter", _("send")),
        Hint("^J", _("new line")),
        Hint(f"{key_name('up')} {key_name('down')}", _("history, at the edges")),
        Hint("tab", _("complete / @ and models")),
        Hint("@", _("a file, an image to send")),
        *help_section("", ChatPane).hints,
    ]
    marks = [
        Hint(g.up, _("answering")),
        Hint(g.unseen, _("answered, not seen yet")),
        Hint(g.draft, _("typed and not sent")),
        Hint(g.paused, _("ended too early")),
        Hint(f"{g.left}2/3{g.right}", _("second of three answers")),
    ]
    commands = [Hint(f"/{command.names[0]}", command.about) for command in COMMANDS]
    return [
        help_section(_("anywhere"), app),
        HelpSection(_("prompt"), sending),
        help_section(_("browse"), Reading, Walking),
        help_section(_("tabs"), ChatsScreen),
        HelpSection(_("marks"), marks),
        HelpSection(_("commands"), commands),
        help_section(_("sessions"), Sessions, Drawer),
        *table_sections(),
        help_section(_("first page"), Welcome),
        help_section(_("editing"), Prompt),
    ]
