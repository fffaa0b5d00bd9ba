"""What is found out about a pull before it begins."""

import msgspec

from tui.domain.language import _
from tui.domain.pulls import Layer, Pull
from tui.domain.units import size


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a model is made of, what of it is there, and what may stand in the way."""

    layers: tuple[Layer, ...] = ()
    """Complete are those that the server has already."""
    warning: str = ""

    @property
    def total(self) -> int:
        """Bytes in all."""
        return sum(layer.total for layer in self.layers)

    @property
    def present(self) -> int:
        """Bytes that need not be downloaded."""
        return sum(layer.completed for layer in self.layers)

    @property
    def text(self) -> str:
        """For the job's log."""
        if not self.layers:
            return self.warning
        text = (
            _("{total} in all; {present} of it is there") if self.present else _("{total} in all")
        )
        said = text.format(total=size(self.total), present=size(self.present))
        return f"{said}. {self.warning}" if self.warning else said

    def on(self, pull: Pull) -> Pull:
        """A pull that goes by this plan."""
        return msgspec.structs.replace(
            pull, expected=self.total, planned=self.layers, warning=self.warning
        )


def too_large(missing: int, free: int) -> str:
    """The warning that a download has no room; empty where it has."""
    if missing <= free:
        return ""
    text = _(
        "It needs {missing} and the disk has {free} free: it will not fit. Delete models, or "
        "give the server a larger disk."
    )
    return text.format(missing=size(missing), free=size(free))


def too_old(version: str, required: str) -> str:
    """The warning that a server is older than a model asks for; empty where it is not."""
    has, needs = _numbers(version), _numbers(required)
    if not has or not needs or has >= needs:
        return ""
    text = _("It needs Ollama {required} and the server is {version}: update the server.")
    return text.format(required=required, version=version)


def _numbers(version: str) -> tuple[int, ...]:
    """`v0.12.6-rc1` as (0, 12, 6); empty for what is no version."""
    parts = version.removeprefix("v").partition("-")[0].split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()
