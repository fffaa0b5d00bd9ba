"""The command palette, filled from the bindings and the commands: an action is declared once."""

from collections.abc import Iterable
from functools import partial

from rich.cells import cell_len
from textual.actions import parse
from textual.binding import ActiveBinding, Binding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from tui.paths import stylesheet
from tui.screens.chats.reading import Reading
from tui.screens.chats.screen import ChatsScreen
from tui.screens.chats.slash import COMMANDS, Command
from tui.widgets.key_bar import key_name

_ITSELF = "command_palette"
_LABEL = 28
"""Cells of a command, before its key."""


class Palette(CommandPalette):
    """Textual's own, made to look like every other dialog."""

    CSS_PATH = stylesheet("palette")


class BindingCommands(Provider):
    """Every key that works right now, and in a chat what is typed with a slash."""

    async def discover(self) -> Hits:
        for active in self._active():
            yield DiscoveryHit(_title(active), partial(self._run, active))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for active in self._active():
            title = _title(active)
            # Both what it does and the word that the footer has for it.
            if (score := max(map(matcher.match, (title, active.binding.description)))) > 0:
                yield Hit(score, matcher.highlight(title), partial(self._run, active))
        if isinstance(self.screen, ChatsScreen):
            for command in COMMANDS:
                title = _row(command.about, f"/{command.names[0]}")
                if (score := matcher.match(title)) > 0:
                    yield Hit(score, matcher.highlight(title), partial(self._run_command, command))

    def _active(self) -> Iterable[ActiveBinding]:
        """One binding an action, the focused widget's before the screen's and the app's."""
        seen = {_ITSELF}
        for active in (*self.screen.active_bindings.values(), *self._swallowed()):
            binding = active.binding
            own = binding.id or binding.action
            if (
                active.enabled
                and (binding.show or binding.tooltip)
                and not seen & {own, binding.action}
            ):
                seen.add(own)
                yield active

    def _swallowed(self) -> Iterable[ActiveBinding]:
        """What has a letter for its key cannot be pressed in the prompt, but can be chosen here."""
        nodes = self.focused.ancestors_with_self if self.focused else [self.screen, self.app]
        for node in nodes:
            for binding in Binding.make_bindings(type(node).__dict__.get("BINDINGS", [])):
                _destination, name, parameters = parse(binding.action)
                if node.check_action(name, parameters):
                    yield ActiveBinding(node, binding, enabled=True, tooltip=binding.tooltip)

    async def _run(self, active: ActiveBinding) -> None:
        await self.app.run_action(active.binding.action, active.node)

    async def _run_command(self, command: Command) -> None:
        ours = command.action.removeprefix("screen.")  # the palette may be the screen still
        node = self.screen.query_one(Reading) if ours == command.action else self.screen
        await self.app.run_action(ours, node)


def _title(active: ActiveBinding) -> str:
    binding = active.binding
    label = binding.tooltip or binding.description
    return _row(label, binding.key_display or key_name(binding.key))


def _row(label: str, way: str) -> str:
    return f"{label}{' ' * max(_LABEL - cell_len(label), 0)} {way}"
