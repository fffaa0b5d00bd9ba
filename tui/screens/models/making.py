"""Making models: of other models, of files, of Modelfiles."""

import asyncio
from pathlib import Path

from textual import work
from textual.binding import Binding

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.models import LocalModel
from tui.domain.places import home_path
from tui.domain.quantization import targets
from tui.domain.recipes import recipe
from tui.screens.dialogs.choice import ChoiceDialog
from tui.screens.dialogs.name import NameDialog, Remark
from tui.screens.models.actions import judge
from tui.screens.models.tending import ModelTending
from tui.store.files import write_whole

_NEW = 'FROM {name}\nSYSTEM """\n\n"""\n'


class ModelMaking(ModelTending):
    """What comes out of it is a job of the queue."""

    BINDINGS = [
        Binding("w", "disk", "", tooltip=_("where the disk went"), show=False, id="models.disk"),
        Binding("n", "create", "", tooltip=_("create a model"), show=False, id="models.create"),
        Binding("m", "modelfile", "", tooltip=_("Modelfile"), show=False, id="models.modelfile"),
        Binding("e", "edit", "", tooltip=_("edit the Modelfile"), show=False, id="models.edit"),
        Binding("x", "export", "", tooltip=_("export Modelfile"), show=False, id="models.export"),
        Binding("z", "quantize", "", tooltip=_("quantize"), show=False, id="models.quantize"),
    ]

    def action_discover(self, query: str = "") -> None:
        """Find models to pull."""
        from tui.screens.models.discover import DiscoverPage

        self.app.push_screen(DiscoverPage(self.worker, self.signals, query))

    def action_disk(self) -> None:
        """See what the models take on the disk."""
        from tui.screens.models.disk import DiskPage

        self.app.push_screen(DiskPage(self.worker, self.signals))

    def action_create(self) -> None:
        """Write a Modelfile, from the model under the cursor to begin with."""
        source = self.chosen.name if self.chosen else "llama3.2:3b"
        self._write(_NEW.format(name=source), "")

    @work(group="modelfile", exclusive=True)
    async def action_modelfile(self) -> None:
        """Read what the model was made of."""
        from tui.screens.models.modelfile import ModelfilePage

        model = self.chosen
        if model and (text := await self._recipe(model)):

            def wish(what: str) -> None:
                self.action_export() if what == "export" else self._write(text, model.name)

            self.app.push_screen(ModelfilePage(self.worker, self.signals, model.name, text, wish))

    @work(group="modelfile", exclusive=True)
    async def action_edit(self) -> None:
        """Change a model's Modelfile, and make it anew."""
        if self.chosen and (text := await self._recipe(self.chosen)):
            self._write(text, self.chosen.name)

    @work(group="models")
    async def action_export(self) -> None:
        """Ask for a file and write the Modelfile there."""
        model = self.chosen
        if model is None or not (text := await self._recipe(model)):
            return
        usual = Path(model.name.replace("/", "-").replace(":", "-") + ".Modelfile")
        dialog = NameDialog(
            _("Modelfile of {name} into a file").format(name=model.name),
            value=str(usual),
            judge=_there_already,
        )
        if not (answer := await self.app.push_screen_wait(dialog)):
            return
        try:
            path = await asyncio.to_thread(_write, answer, text)
        except OSError as error:
            text = _("{path} cannot be written: {why}.").format(path=answer, why=error.strerror)
            self.notify(text, severity="error", markup=False)
        else:
            self.notify(_("Written to {path}.").format(path=path), markup=False)

    @work(group="models")
    async def action_quantize(self) -> None:
        """Ask for a level and a name, and make a smaller model."""
        model = self.chosen
        if model is None:
            return
        known = targets(model.details.quantization_level)
        if not known:
            text = _(
                "{name} is {level}. Servers quantize only F16, BF16 and F32: pull it in one of "
                "these, such as its tag that ends in -fp16."
            )
            level = model.details.quantization_level or _("of an unknown level")
            self.notify(text.format(name=model.name, level=level), severity="warning", markup=False)
            return
        title = _("Quantize {name} to").format(name=model.name)
        chosen = await self.app.push_screen_wait(ChoiceDialog(title, known))
        if chosen is not None:
            await self._quantize(model, known[chosen])

    async def _quantize(self, model: LocalModel, level: str) -> None:
        host = self.worker.hosts.current
        taken = [each.name for each in self.worker.hosts.status(host).models or ()]
        dialog = NameDialog(
            _("Name of the {level} model").format(level=level),
            value=f"{model.name}-{level.lower()}",
            judge=lambda text: judge(text, taken),
        )
        if name := await self.app.push_screen_wait(dialog):
            request = {"from": model.name, "quantize": level}
            self.worker.pulls.create(name, request, {}, host)
            text = _("{name} is being made; 3 shows how far it is.").format(name=name)
            self.notify(text, markup=False)

    def _write(self, text: str, name: str) -> None:
        from tui.screens.models.create import CreatePage

        self.app.push_screen(CreatePage(self.worker, self.signals, text, name))

    async def _recipe(self, model: LocalModel) -> str:
        """The model's Modelfile, made from itself; empty where the server does not tell."""
        try:
            card = await self.worker.models.show(self.worker.hosts.current, model.name)
        except OllamaError as error:
            self.notify(str(error), severity="error", markup=False)
            return ""
        return recipe(card.modelfile, model.name)


def _write(path: str, text: str) -> Path:
    target = home_path(path).absolute()
    # A folder that is missing is not made: it may be a slip of the pen. What is none says so.
    (target.parent / "..").stat()
    write_whole(target, text.encode())
    return target


def _there_already(text: str) -> Remark | None:
    try:
        there = home_path(text).exists()
    except OSError as error:  # a folder that is closed, or a name that is too long
        return Remark(error.strerror or str(error))
    return Remark(_("There is such a file; enter replaces it."), refuses=False) if there else None
