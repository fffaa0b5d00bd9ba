"""The GPUs of this machine as NVIDIA's library tells them; without it there are quietly none."""

import importlib
from typing import Any

from tui.domain.status import Gpu

_LIBRARY = "pynvml"
"""What the extra `gpu` (nvidia-ml-py) installs."""
_NOISE = 5
"""Percent: a load that wavers by less is not worth a line on a slow screen."""


class Gpus:
    """Asks the library, which is loaded at the first question. Blocks for some milliseconds."""

    def __init__(self) -> None:
        self._library: Any = None
        self._absent = False

    def read(self) -> tuple[Gpu, ...]:
        """Every GPU as it is now."""
        if self._absent:
            return ()
        try:
            return self._all(self._loaded())
        except (ImportError, OSError):
            self._absent = True
        except self._library.NVMLError:
            self._absent = True  # no driver, or no GPU: that does not change while this runs
        return ()

    def _loaded(self) -> Any:  # noqa: ANN401 - a library without types
        if self._library is None:
            self._library = importlib.import_module(_LIBRARY)
            self._library.nvmlInit()
        return self._library

    def _all(self, library: Any) -> tuple[Gpu, ...]:  # noqa: ANN401 - a library without types
        count = library.nvmlDeviceGetCount()
        return tuple(self._one(library.nvmlDeviceGetHandleByIndex(at)) for at in range(count))

    def _one(self, card: Any) -> Gpu:  # noqa: ANN401 - a library without types
        library = self._library
        name = library.nvmlDeviceGetName(card)
        memory = self._told("nvmlDeviceGetMemoryInfo", card)
        load = self._told("nvmlDeviceGetUtilizationRates", card)
        degrees = self._told("nvmlDeviceGetTemperature", card, library.NVML_TEMPERATURE_GPU)
        return Gpu(
            name=name.decode() if isinstance(name, bytes) else name,
            total=memory.total if memory else 0,
            used=memory.used if memory else 0,
            load=round(load.gpu / _NOISE) * _NOISE / 100 if load else None,
            degrees=degrees,
        )

    def _told(self, question: str, *of: Any) -> Any:  # noqa: ANN401 - a library without types
        """An answer; None where a card does not give it."""
        try:
            return getattr(self._library, question)(*of)
        except self._library.NVMLError:
            return None
