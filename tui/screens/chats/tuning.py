"""How the model is asked in this conversation: options, system prompt, format, thinking."""

from functools import partial
from typing import TYPE_CHECKING

from textual import work

from tui.domain.language import _, many
from tui.domain.options import LOADING
from tui.domain.session import Session
from tui.screens.chats.prompting import Prompting
from tui.screens.chats.viewing import SWITCHES, Viewing

if TYPE_CHECKING:
    from tui.screens.chats.setting import Setting
    from tui.screens.dialogs.confirm import ConfirmDialog
    from tui.screens.dialogs.picker import Choice

_HELPED = ("", "parameter")
"""What `/set` is asked for with: these are questions rather than settings."""


class Tuning(Prompting, Viewing):
    """A page whose conversation's settings can be changed."""

    def action_set(self, line: str = "") -> None:
        """Change a setting of this conversation."""
        from tui.screens.chats.subhelp import subhelp

        word = line.strip()
        if word in _HELPED:
            self.read(f"/set {word}".rstrip(), subhelp(word or "set"))
        elif word in ("history", "nohistory"):
            self.desk.remembers = word == "history"
            self.notify(_remembering(self.desk.remembers), markup=False)
        elif word in SWITCHES:
            self.switch(word)
        else:
            self._set(line)

    def action_settings(self) -> None:
        """Show all settings of this conversation, to be changed."""
        from tui.screens.dialogs.settings import SettingsDialog

        if session := self.desk.session:
            takes = self.worker.hosts.status(session.host).takes
            card = partial(self.worker.models.show, session.host, session.model)
            dialog = SettingsDialog(lambda: self.desk.session, self.apply, card, takes)
            self.app.push_screen(dialog)

    def _set(self, line: str) -> None:
        from tui.screens.chats.setting import NotSet, setting_of

        try:
            setting = setting_of(line)
        except NotSet as error:
            self.notify(str(error), severity="warning", timeout=10, markup=False)
        else:
            self.apply(setting)

    def apply(self, setting: "Setting") -> None:
        """Change the conversation, and say what comes of it."""
        session = self.desk.session
        if session is None or not self._alter(session, setting.change):
            return
        if self._is_left_out(session, setting.option):
            return
        self.notify(setting.said, markup=False)
        self._doubt_thinking(session)
        if setting.loads:
            self._offer_to_others(session, setting.loads)

    def action_model(self, name: str = "") -> None:
        """Let another model answer here; without a name, choose one."""
        super().action_model(name)
        if name:
            self._compare_loading()

    def _chosen(self, choice: "Choice | None") -> None:
        super()._chosen(choice)
        if choice:
            self._compare_loading()

    def _compare_loading(self) -> None:
        """The model may be another one now, which other chats load in another way."""
        if session := self.desk.session:
            for name in sorted(LOADING & session.options.keys()):
                self._offer_to_others(session, name)

    def _is_left_out(self, session: Session, option: str) -> bool:
        """Whether the server does not take an option that is set, which is told."""
        status = self.worker.hosts.status(session.host)
        if option not in session.options or status.takes is None or option in status.takes:
            return False
        text = _(
            "{name} is noted, but {server} takes none: questions to {host} go without it. What "
            "belongs to the loading of a model is set where that server is started."
        )
        self._complain(text.format(name=option, server=status.make, host=status.shown))
        return True

    def _doubt_thinking(self, session: Session) -> None:
        """Say so where the model cannot think: the server would refuse the next question."""
        models = self.worker.hosts.status(session.host).models or ()
        can = next((m.capabilities for m in models if m.name == session.model), None)
        if session.think and can is not None and "thinking" not in can:
            text = _("{model} cannot think: the server will refuse. /set nothink takes it back.")
            self._complain(text.format(model=session.model))

    def compare_loading(self) -> None:
        """The conversation on top was opened: it had best load its model as the open ones do."""
        session = self.desk.session
        for name in sorted(LOADING) if session else ():
            if session and (others := self._unlike(session, name)):
                self._offer_to_others(others[0], name)

    def _unlike(self, session: Session, name: str) -> list[Session]:
        """The open conversations that load the same model in another way."""
        return [
            other
            for each in self.desk.tabs.ids
            if (other := self.worker.conversations.open(each)).id != session.id
            and (other.host, other.model) == (session.host, session.model)
            and other.options.get(name) != session.options.get(name)
        ]

    @work(group="others")
    async def _offer_to_others(self, session: Session, name: str) -> None:
        """Two values in two tabs would load the model anew at every change of tab."""
        from tui.screens.chats.setting import with_option

        value, others = session.options.get(name), self._unlike(session, name)
        if not others:
            return
        agreed = await self.app.push_screen_wait(_question(others, name, value))
        for other in others if agreed else ():
            self._alter(other, with_option(name, value))


def _question(others: list[Session], name: str, value: object) -> "ConfirmDialog":
    from tui.screens.dialogs.confirm import ConfirmDialog

    count = len(others)
    text = many(
        "“{title}” uses {model} with another {name}: the model would be loaded anew whenever you "
        "turn from one to the other.",
        "{n} other chats use {model} with another {name}: the model would be loaded anew whenever "
        "you turn from one to the other.",
        count,
    ).format(title=others[0].title, model=others[0].model, name=name, n=count)
    shown = _("its default") if value is None else str(value)
    yes = many("use {value} there, too", "use {value} in all of them", count).format(value=shown)
    return ConfirmDialog(_("The same {name}").format(name=name), text, yes=yes, assent=True)


def _remembering(on: bool) -> str:
    if on:
        return _("What you send is kept in the history again.")
    return _("What you send is not kept in the history until you leave, or /set history.")
