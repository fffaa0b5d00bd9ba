"""Everything that can be set for one conversation."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.models import ModelCard
from tui.domain.options import OPTIONS, OptionError, option
from tui.domain.session import Session
from tui.screens.chats.setting import NotSet, Setting, setting_of
from tui.screens.chats.setting_words import about, default_of, line_of, name_of, value_of
from tui.screens.dialogs.choice import ChoiceDialog
from tui.screens.dialogs.dialog import Dialog
from tui.screens.dialogs.name import NameDialog, Remark
from tui.screens.dialogs.text import TextDialog
from tui.widgets.glyphs import g
from tui.widgets.lines import Column, Lines, cells, fit, line, muted, picked, strong
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows
from tui.widgets.text import Text

FIELDS = ("system", "think", "format", "keepalive")
_NAME = 20
_BEGINNING = 200
"""Characters of a value that are looked at; more never fits."""
_THINKING = {
    "default": _("as the model likes"),
    "off": _("off"),
    "on": _("on"),
    "low": _("low"),
    "medium": _("medium"),
    "high": _("high"),
    "max": _("max"),
}
_BOOLEAN = {"default": _("as the server likes"), "true": _("true"), "false": _("false")}
_FORMATS = ("noformat", "format json", "schema")


class SettingRows(Rows):
    """One line for each setting."""

    BINDINGS = [Binding("enter", "choose", _("change"), id="settings.change")]


class SettingsDialog(Dialog[None]):
    """Shows what is set and what is not; each change holds at once."""

    AUTO_FOCUS = "Rows"
    BINDINGS = [
        Binding("d,delete", "default", _("default"), id="settings.default"),
        Binding("escape,q", "cancel", _("close"), id="settings.close"),
    ]

    rows = getters.query_one(Rows)
    about = getters.query_one("#about", Text)

    def __init__(
        self,
        session: Callable[[], Session | None],
        apply: Callable[[Setting], object],
        card: Callable[[], Awaitable[ModelCard]],
        takes: frozenset[str] | None = None,
    ) -> None:
        """`session` is the conversation as it is now; `apply` changes it; `card` is its model's.

        `takes` are the options that its server takes, where those are not all.
        """
        super().__init__(_("Settings of this chat"))
        self._takes = takes
        self._session = session
        self._apply = apply
        self._card = card
        self._own: dict[str, str] = {}
        """What the model has of its own."""

    def compose_body(self) -> ComposeResult:
        yield SettingRows()
        yield Text(id="about", colour="$muted")

    def on_mount(self) -> None:
        self.add_class("-list")
        self._fill()
        self._learn()

    @work(group="card")
    async def _learn(self) -> None:
        """Ask what the model has of its own; an answer that never comes leaves the defaults."""
        with suppress(OllamaError):
            self._own = _own(await self._card())
            self._fill()

    def _fill(self) -> None:
        if session := self._session():
            names = (*FIELDS, *(each.name for each in OPTIONS))
            self.rows.show(
                Row(name, partial(_draw, name, session, self._usual(name))) for name in names
            )
            self._explain()

    def _usual(self, name: str) -> str:
        """What holds while it is not set: Ollama's defaults are no other server's."""
        if not self._is_taken(name):
            return _("not taken here")
        if name in self._own:
            return _("the model's {value}").format(value=self._own[name])
        other = self._takes is not None and name not in FIELDS
        return _("as the server likes") if other else default_of(name)

    def _is_taken(self, name: str) -> bool:
        """Whether the server knows it; how long models stay loaded is an operator's choice."""
        return self._takes is None or name in (*FIELDS[:-1], *self._takes)

    @on(Rows.Moved)
    def _explain(self) -> None:
        name = self.rows.cursor_key or ""
        left_out = "" if self._is_taken(name) else _("This server takes none: it is left out.")
        self.about.text = " ".join(filter(None, (about(name), left_out)))

    @on(Rows.Chosen)
    @work(group="change", exclusive=True)
    async def _change(self) -> None:
        """Ask for another value of the setting under the cursor."""
        name, session = self.rows.cursor_key, self._session()
        if name is None or session is None:
            return
        found = await self._asked(name, session)
        if found is not None:
            self._apply(setting_of(found))
            self._fill()

    def action_default(self) -> None:
        """Leave the setting under the cursor to the model and the server."""
        if name := self.rows.cursor_key:
            self._apply(setting_of(line_of(name)))
            self._fill()

    async def _asked(self, name: str, session: Session) -> str | None:
        """The words behind `/set` for what the user wants; None for nothing."""
        match name:
            case "system":
                dialog = TextDialog(_("System prompt"), session.system)
                text = await self.app.push_screen_wait(dialog)
                return None if text is None else line_of(name, text)
            case "think":
                return await self._chosen(name, _THINKING)
            case "format":
                return await self._form()
        if _is_boolean(name):
            return await self._chosen(name, _BOOLEAN)
        return await self._typed(name, value_of(name, session))

    async def _chosen(self, name: str, values: dict[str, str]) -> str | None:
        place = await self.app.push_screen_wait(ChoiceDialog(name_of(name), [*values.values()]))
        return None if place is None else line_of(name, [*values][place])

    async def _form(self) -> str | None:
        texts = [_("free text"), _("JSON"), _("JSON by a schema")]
        place = await self.app.push_screen_wait(ChoiceDialog(name_of("format"), texts))
        if place is None:
            return None
        return await self._typed("format", "") if place == len(texts) - 1 else _FORMATS[place]

    async def _typed(self, name: str, value: str) -> str | None:
        def judge(text: str) -> Remark | None:
            try:
                setting_of(line_of(name, text))
            except NotSet as error:
                return Remark(str(error))
            return None

        hint = _("a JSON schema, or its path") if name == "format" else self._usual(name)
        dialog = NameDialog(name_of(name), value=value, about=hint, judge=judge)
        text = await self.app.push_screen_wait(dialog)
        return None if text is None else line_of(name, text)


def _own(card: ModelCard) -> dict[str, str]:
    """The settings that a model comes with; it may have several texts of one name to stop at."""
    own: dict[str, str] = {"system": one_line(card.system[:_BEGINNING])} if card.system else {}
    for name, value in card.parameter_rows():
        own[name] = f"{own[name]} {value}" if name in own else value
    return own


def _is_boolean(name: str) -> bool:
    try:
        return option(name).kind == "bool"
    except OptionError:
        return False


def _draw(name: str, session: Session, usual: str, width: int, here: bool) -> Lines:
    value = one_line(value_of(name, session)[:_BEGINNING])
    shown = strong(value) if value else muted(usual)
    columns = [Column("", _NAME), Column("", max(width - _NAME - 4, 1))]
    mark = line((f"{g.here} " if here else "  ", "$accent"))
    row = mark + cells(columns, [name_of(name), shown])
    return [picked(row, width) if here else fit(row, width)]
