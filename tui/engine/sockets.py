"""The folder for the sockets of model processes: short, because a socket's path must be."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "ot-"


@contextmanager
def socket_folder() -> Iterator[Path]:
    """A folder for its owner only, removed in the end; those of killed engines go now."""
    _tidy()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def _tidy() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        with suppress(OSError, ValueError, OverflowError):
            if folder.lstat().st_uid == os.getuid() and not _runs(int(folder.name.split("-")[1])):
                shutil.rmtree(folder)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
