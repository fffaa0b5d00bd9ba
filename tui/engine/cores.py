"""How many threads a model should run on: usable physical cores, not hyper-threads."""

import os
from pathlib import Path

_TOPOLOGY = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def usable() -> int:
    """Physical cores that this process may use, within its container's quota."""
    if hasattr(os, "sched_getaffinity"):
        cores = len({_siblings(cpu) for cpu in os.sched_getaffinity(0)})
    else:
        cores = os.cpu_count() or 1
    return max(min(cores, _quota(cores)), 1)


def _siblings(cpu: int) -> str:
    try:
        return Path(_TOPOLOGY.format(cpu)).read_text()
    except OSError:
        return str(cpu)


def _quota(default: int) -> int:
    """The CPUs' worth of time a container is given, rounded up."""
    try:
        granted, period = _QUOTA.read_text().split()
        return -(-int(granted) // int(period))
    except (OSError, ValueError):
        return default
