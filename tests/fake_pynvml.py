"""NVIDIA's library with two cards, of which the second does not tell all."""

from typing import NamedTuple

NVML_TEMPERATURE_GPU = 0
GB = 10**9


class NVMLError(Exception):
    pass


class Memory(NamedTuple):
    total: int
    used: int


class Rates(NamedTuple):
    gpu: int


started = False


def nvmlInit() -> None:  # noqa: N802 - the library's name
    global started  # noqa: PLW0603 - as the library does
    started = True


def nvmlDeviceGetCount() -> int:  # noqa: N802
    if not started:
        raise NVMLError("Uninitialized")
    return 2


def nvmlDeviceGetHandleByIndex(index: int) -> int:  # noqa: N802
    return index


def nvmlDeviceGetName(card: int) -> str | bytes:  # noqa: N802
    return "Tesla T4" if card else b"NVIDIA GeForce RTX 4090"


def nvmlDeviceGetMemoryInfo(card: int) -> Memory:  # noqa: N802
    return [Memory(24 * GB, 18 * GB), Memory(16 * GB, 0)][card]


def nvmlDeviceGetUtilizationRates(card: int) -> Rates:  # noqa: N802
    if card:
        raise NVMLError("Not Supported")
    return Rates(43)


def nvmlDeviceGetTemperature(card: int, sensor: int) -> int:  # noqa: N802
    if card:
        raise NVMLError("Not Supported")
    return 61
