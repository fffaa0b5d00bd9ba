"""Everything that can be set for one host."""

from collections.abc import Awaitable, Callable
from functools import partial

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.host_drafts import FIELDS, HostDraft
from tui.domain.language import _
from tui.domain.status import Trial
from tui.screens.dialogs.choice import ChoiceDialog
from tui.screens.dialogs.dialog import Dialog
from tui.screens.dialogs.host_words import SOURCES, about, default_of, name_of
from tui.screens.dialogs.name import NameDialog, Remark, SecretDialog
from tui.widgets.glyphs import g
from tui.widgets.lines import Column, Lines, cells, fit, line, muted, picked, strong
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows
from tui.widgets.text import Text

_NAME = 20

Test = Callable[[HostDraft], Awaitable[Trial]]


class HostFields(Rows):
    """One line for each setting."""

    BINDINGS = [Binding("enter", "choose", _("change"), id="host.change")]


class HostDialog(Dialog[HostDraft]):
    """Shows what is set for a host; nothing is written before it is saved."""

    AUTO_FOCUS = "Rows"
    BINDINGS = [
        Binding("s", "save", _("save"), id="host.save"),
        Binding("t", "try", _("test"), id="host.test"),
        Binding("d,delete", "default", _("default"), id="host.default"),
        Binding("escape,q", "cancel", _("cancel"), id="host.cancel"),
    ]

    rows = getters.query_one(Rows)
    about = getters.query_one("#about", Text)

    def __init__(self, draft: HostDraft, test: Test, taken: Callable[[str], bool] | None) -> None:
        """`taken` says whether a name is another host's; None for one that has its name."""
        super().__init__(_("New host") if taken else _("Host {name}").format(name=draft.name))
        self._draft = draft
        self._saved = None if taken else draft
        self._test = test
        self._taken = taken
        self._fields = FIELDS if taken else FIELDS[1:]

    def compose_body(self) -> ComposeResult:
        yield HostFields()
        yield Text(id="about", colour="$muted")

    def on_mount(self) -> None:
        self.add_class("-list")
        self._fill()
        if self._taken:
            self.action_try()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to save what is not saved yet."""
        return self._draft != self._saved if action == "save" else True

    def _fill(self) -> None:
        self.rows.show(Row(field, partial(_draw, field, self._draft)) for field in self._fields)
        self._explain()
        self.refresh_bindings()

    @on(Rows.Moved)
    def _explain(self) -> None:
        self._say(about(self.rows.cursor_key or ""), "$muted")

    def _say(self, text: str, colour: str) -> None:
        self.about.colour = colour
        self.about.text = text

    def action_save(self) -> None:
        """Take it as it is."""
        if self._taken and self._taken(self._draft.name):
            self._say(_("There is a host of this name."), "$error")
        else:
            self.dismiss(self._draft)

    @work(group="test", exclusive=True)
    async def action_try(self) -> None:
        """Ask the server, with what is set now."""
        self._say(_("asking..."), "$muted")
        tried = self._draft
        found = await self._test(tried)
        good, note = found.outcome == "good", ""
        if found.kind and found.kind != tried.speaks and self._draft == tried:
            self._draft = tried.changed("kind", found.kind)
            self._fill()
            note = " " + _("It speaks OpenAI's API, which is set now.")
        self._say(f"{found.result}: {found.why}{note}", "$success" if good else "$error")

    def action_default(self) -> None:
        """Leave the setting under the cursor as it is without one."""
        field = self.rows.cursor_key or ""
        if field not in ("name", "url"):
            self._draft = self._draft.without(field)
            self._fill()

    @on(Rows.Chosen)
    @work(group="change", exclusive=True)
    async def _change(self) -> None:
        """Ask for another value of the setting under the cursor."""
        field = self.rows.cursor_key or ""
        match field:
            case "key":
                await self._change_key()
            case "headers":
                await self._change_header()
            case "kind":
                other = "ollama" if self._draft.speaks == "openai" else "openai"
                self._draft = self._draft.changed(field, other)
            case "verify":
                self._draft = self._draft.changed(field, "no" if self._draft.setting.verify else "")
            case _:
                value = self._draft.told(field)
                await self._typed(field, NameDialog, value)
        self._fill()

    async def _change_key(self) -> None:
        place = await self.app.push_screen_wait(
            ChoiceDialog(_("Where is the key?"), [*SOURCES.values()])
        )
        if place is None:
            return
        source = [*SOURCES][place]
        if source:
            await self._typed("key", NameDialog, f"{source}:")
        else:
            await self._typed("key", SecretDialog)

    async def _typed(self, field: str, kind: type[NameDialog], value: str = "") -> None:
        def judge(text: str) -> Remark | None:
            try:
                draft = self._draft.changed(field, text)
            except ValueError as error:
                return Remark(str(error))
            return hint_of(draft) if field == "url" else None

        dialog = kind(name_of(field), value=value, about=default_of(field), judge=judge)
        if text := await self.app.push_screen_wait(dialog):
            self._draft = self._draft.changed(field, text)

    async def _change_header(self) -> None:
        def judge(name: str) -> Remark | None:
            try:
                self._draft.with_header(name, "")
            except ValueError as error:
                return Remark(str(error))
            return None

        ask = NameDialog(_("Name of the header"), about="X-Api-Key", judge=judge)
        name = await self.app.push_screen_wait(ask)
        if not name:
            return
        text = _("nothing takes the header away")
        value = await self.app.push_screen_wait(SecretDialog(name, about=text, optional=True))
        if value is not None:
            self._draft = self._draft.with_header(name, value)


def hint_of(draft: HostDraft) -> Remark | None:
    """What in an address may not have been meant."""
    from tui.domain.hosts import HostAddress

    hint = HostAddress.parse(draft.setting.url).hint
    return Remark(hint, refuses=False) if hint else None


def _draw(field: str, draft: HostDraft, width: int, here: bool) -> Lines:
    value = one_line(draft.told(field))
    risky = field == "verify" and value
    shown = line((value, "bold $warning")) if risky else strong(value)
    columns = [Column("", _NAME), Column("", max(width - _NAME - 4, 1))]
    mark = line((f"{g.here} " if here else "  ", "$accent"))
    row = mark + cells(columns, [name_of(field), shown if value else muted(default_of(field))])
    return [picked(row, width) if here else fit(row, width)]
