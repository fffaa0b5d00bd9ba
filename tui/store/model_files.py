"""The files on this machine that a model is made of."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from tui.domain.language import _
from tui.domain.places import home_path

_WEIGHTS = (
    ("model*.safetensors", "*/model*.safetensors"),
    ("adapter*.safetensors",),
    ("consolidated*.safetensors",),
    ("pytorch_model*.bin",),
    ("consolidated*.pth",),
    ("*.gguf",),
    ("*.bin",),
)
"""What is looked for in a folder; the first kind that is there is taken."""
_BESIDE = ("*.json", "*/*.json", "chat_template.jinja", "tokenizer.model")
_PATHS = ("/", "./", "../", "~")
_BLOCK = 1 << 20


class NoModelFiles(ValueError):
    """A path that no model can be made of; the text is for the user."""


def local_path(text: str, folder: Path) -> Path | None:
    """What FROM names on this machine; None if it is a model's name. Raises NoModelFiles."""
    path = folder / home_path(text)
    if path.exists():
        return path
    if text.startswith(_PATHS) or text.endswith((".gguf", ".safetensors")):
        raise NoModelFiles(_("There is no file or folder {path}.").format(path=path))
    return None


def files_of(path: Path) -> dict[str, Path]:
    """Weights and what belongs to them, by their names in the folder. Raises NoModelFiles."""
    if path.is_file():
        return {path.name: path}
    kinds = ([*map(path.glob, patterns)] for patterns in _WEIGHTS)
    found = ([each for some in kind for each in some] for kind in kinds)
    weights: list[Path] = next(filter(None, found), [])
    if not weights:
        text = _("{path} holds no weights: no safetensors, GGUF or PyTorch files.")
        raise NoModelFiles(text.format(path=path))
    beside = [each for pattern in _BESIDE for each in path.glob(pattern)]
    return {_inside(each, path): each for each in sorted({*weights, *beside})}


def digest_of(path: Path, on_read: Callable[[int], None] = lambda _count: None) -> str:
    """`sha256:` and 64 hex digits; `on_read` hears how many bytes are through. Raises OSError."""
    found, read = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
            read += len(block)
            on_read(read)
    return f"sha256:{found.hexdigest()}"


def _inside(path: Path, folder: Path) -> str:
    """A file's name in its folder; a link that leads out of it is refused."""
    if not path.resolve().is_relative_to(folder.resolve()):
        text = _("{path} leads out of its folder. Put the file itself there.")
        raise NoModelFiles(text.format(path=path))
    return path.relative_to(folder).as_posix()
