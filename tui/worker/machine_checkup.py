"""This machine's side: folders and what may be done in them, the settings, the embedded engine."""

import asyncio
import os
import shlex
import shutil
import stat
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path

from tui.domain.checkup import Finding
from tui.domain.language import _
from tui.domain.places import Places
from tui.domain.units import size
from tui.store.secrets import SecretStore
from tui.store.settings import SettingsStore
from tui.worker.apart import apart
from tui.worker.engine import EmbeddedEngine

_DISK_SECONDS, _LOAD_SECONDS = 3.0, 15.0
_LEAST_ROOM = 100 * 10**6
_LOAD = (sys.executable, "-P", "-c", "import xllamacpp")


async def folders(places: Places) -> AsyncGenerator[Finding, None]:
    """Each folder of the program: its permissions, and the room in it."""
    for name, path in (
        (_("settings"), places.config),
        (_("conversations"), places.data),
        (_("state"), places.state),
        (_("cache"), places.cache),
    ):
        try:
            yield await apart(partial(_folder, name, path), _DISK_SECONDS)
        except TimeoutError:
            said = _("{path} does not answer").format(path=path)
            cause = _("It may be on a network drive that is gone.")
            yield Finding(name, "bad", said, cause, f"ls {shlex.quote(str(path))}")
        except OSError as error:
            said = f"{path}: {error.strerror}"
            yield Finding(name, "bad", said, "", f"ls -ld {shlex.quote(str(path))}")


def _folder(name: str, path: Path) -> Finding:
    """What one folder is like. Raises OSError."""
    there = next(each for each in (path, *path.parents) if each.exists())
    quoted, mode, free = shlex.quote(str(there)), there.stat().st_mode, _free(there)
    said = _("{path}, {mode}, {room} free").format(
        path=path,
        mode=f"{stat.S_IMODE(mode):04o}" if there == path else _("not made yet"),
        room=size(free),
    )
    if not there.is_dir():
        return Finding(name, "bad", said, _("{path} is no folder.").format(path=there), "")
    if not os.access(there, os.W_OK | os.X_OK):
        cause = _("It cannot be written to: it is another user's, or the disk is read-only.")
        return Finding(name, "bad", said, cause, f"sudo chown -R $(id -un) {quoted}")
    if free < _LEAST_ROOM:
        return Finding(name, "bad", said, _("The disk is nearly full."), f"df -h {quoted}")
    if there == path and mode & (stat.S_IWGRP | stat.S_IWOTH):
        cause = _("Other users can put files into it.")
        return Finding(name, "bad", said, cause, f"chmod go-w {quoted}")
    return Finding(name, "good", said)


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


async def settings(places: Places) -> Finding:
    """The files of settings and secrets, and what in them is not used."""
    store = SettingsStore(places)
    name = store.path.name
    try:
        _settings, complaints = await apart(store.load, _DISK_SECONDS)
        _secrets, more = await apart(SecretStore(places).load, _DISK_SECONDS)
    except TimeoutError:
        return Finding(name, "unknown", _("{path} does not answer").format(path=store.path))
    if complaints := [*complaints, *more]:
        mend = f"${{EDITOR:-vi}} {shlex.quote(str(store.path))}"
        return Finding(name, "bad", "\n".join(complaints), "", mend)
    said = _("read without complaint") if store.path.exists() else _("there is none: defaults")
    return Finding(name, "good", said)


async def engine(embedded: EmbeddedEngine, *, wanted: bool) -> AsyncGenerator[Finding, None]:
    """Whether the embedded engine is there, can be loaded, and runs; bad only if it is wanted."""
    name = _("installed")
    if why := embedded.missing():
        yield Finding(name, "bad" if wanted else "unknown", why)
        return
    words = await _load()
    if words is None:
        said = _("it was not loaded within {n} s").format(n=f"{_LOAD_SECONDS:g}")
        yield Finding(name, "unknown", said)
    elif words:
        yield Finding(name, "bad", words, *_loading(words))
        return
    else:
        yield Finding(name, "good", _("llama.cpp can be loaded"))
    client = await embedded.running()
    if client is None:
        yield Finding(_("running"), "unknown", _("no; it starts when it is used"))
        return
    shown = client.address.shown
    await client.aclose()
    yield Finding(_("running"), "good", _("at {address}").format(address=shown))


async def _load() -> str | None:
    """What is said while llama.cpp is loaded: nothing if it went well, None if it took too long."""
    process = await asyncio.create_subprocess_exec(*_LOAD, stdout=DEVNULL, stderr=PIPE)
    try:
        async with asyncio.timeout(_LOAD_SECONDS):
            _out, said = await process.communicate()
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return ""
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else _("it ended with {code}").format(code=process.returncode)


def _loading(words: str) -> tuple[str, str]:
    if "libgomp" in words:
        return _("Slim Linux images lack the library libgomp."), "sudo apt install libgomp1"
    if "GLIBC" in words:
        return _("This Linux is older than the engine."), "ollama serve"
    return _("The processor may lack AVX2, or the installation is damaged."), (
        f"{shlex.quote(sys.executable)} -m pip install --force-reinstall xllamacpp"
    )
