"""The chats: one transcript, one prompt, and as many conversations as are open."""

from datetime import datetime

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.session import Message, Session
from tui.domain.start import Start
from tui.screens.chats.entries import entries, live_entry, preferred, status_line
from tui.screens.chats.tabs import OpenTabs
from tui.screens.page import Page
from tui.screens.signals import HostEvent, ReplyEvent, SessionEvent, Signals
from tui.widgets.chat_status import ChatStatus
from tui.widgets.glyphs import g
from tui.widgets.lines import muted
from tui.widgets.prompt import Prompt
from tui.widgets.tab_strip import Strip, Tab
from tui.widgets.transcript import Transcript
from tui.worker.conversations import ReadOnly
from tui.worker.events import HostChosen, ReplyChanged, SessionRemoved
from tui.worker.worker import Worker
