"""Files that messages name: read, kept, and put into what a model is asked."""

import asyncio
import base64
from collections.abc import Container, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tui.api.errors import OllamaError
from tui.api.requests import ChatRequest
from tui.domain.attachments import LARGEST_IMAGE, LARGEST_TEXT, Named, embedded, is_image
from tui.domain.language import _
from tui.domain.names import same_model
from tui.domain.pasted import typed, unmarked
from tui.domain.places import home_path
from tui.domain.references import IMAGES, Reference, references
from tui.domain.session import Attached, Message, Session
from tui.domain.units import size
from tui.store.attachments import AttachmentStore
from tui.store.listing import is_file
from tui.worker.apart import apart
from tui.worker.hosts import Hosts

_PATIENCE = 10.0
"""Seconds that reading may take."""
_LONG = 1_000
"""Characters of an earlier message from which nobody reads it through before sending it again."""
_CLOSING = ".,;:!?)]}'\""
"""What may stand right behind a name without being part of it."""

Picture = tuple[str, bytes]
"""Its name, and what is in the file."""


class NotAttached(OllamaError):
    """A file that cannot go with a message; the text says why."""


class Question(NamedTuple):
    """A message with all that it carries."""

    text: str
    attached: dict[str, Attached]
    """Its pictures, by sha256."""


def carries(text: str, instead_of: Message | None) -> bool:
    """Whether a message, pastes marked in it, may have files, or stands for one that had."""
    return bool(references(typed(text)) or (instead_of and instead_of.attached))


class Attachments:
    """Every call raises NotAttached with a text for the user."""

    def __init__(self, store: AttachmentStore, hosts: Hosts) -> None:
        self._store = store
        self._hosts = hosts

    async def prepare(self, session: Session, text: str, instead_of: Message | None) -> Question:
        """A message with the files it names: texts put into it, pictures kept.

        In other words it keeps those pictures of the earlier question that it still names.
        """
        try:
            known = words(instead_of.content) if instead_of else set[str]()
            told, pictures = await apart(partial(_read, text, known), _PATIENCE)
        except TimeoutError as error:
            said = _("The files could not be read within {n} s. Nothing was sent.")
            raise NotAttached(said.format(n=int(_PATIENCE))) from error
        before = instead_of.attached if instead_of else {}
        still = {key: each for key, each in before.items() if each.name in told}
        if (pictures or still) and not await self.can_see(session.host, session.model):
            said = _(
                "{model} cannot see images. ^O chooses a model that can: look for vision there. "
                "Nothing was sent."
            )
            raise NotAttached(said.format(model=session.model))
        return Question(told, {**still, **await asyncio.to_thread(self._keep, pictures)})

    async def can_see(self, host: str, model: str) -> bool:
        """Whether a model takes images, as far as the server tells."""
        can = await self._abilities(host, model)
        return can is None or "vision" in can

    async def put_in(self, request: ChatRequest) -> None:
        """Exchange the hashes in a request for the pictures."""
        for message in request.messages:
            if hashes := message.get("images"):
                message["images"] = await asyncio.to_thread(self._load, hashes)

    async def _abilities(self, host: str, model: str) -> list[str] | None:
        """None where the server does not tell."""
        for each in self._hosts.status(host).models or ():
            if same_model(each.name, model) and each.capabilities is not None:
                return each.capabilities
        return (await (await self._hosts.client(host)).show(model)).capabilities

    def _load(self, hashes: list[str]) -> list[str]:
        try:
            return [base64.b64encode(self._store.load(each)).decode() for each in hashes]
        except OSError as error:
            text = _("An image of this conversation cannot be read: {why}.")
            raise NotAttached(text.format(why=error.strerror or error)) from error

    def _keep(self, pictures: list[Picture]) -> dict[str, Attached]:
        return {
            self._store.keep(data): Attached(name=name, size=len(data)) for name, data in pictures
        }


def words(told: str) -> set[str]:
    """What looks like files in a long message that was sent before: they were words in a paste.

    What was typed there and was a file stands in it without the @.
    """
    return {each.path for each in references(told)} if len(told) > _LONG else set()


def _read(text: str, known: Container[str]) -> tuple[str, list[Picture]]:
    """The message with the texts it names, and the pictures.

    Only what was typed names files: nobody sees what else a long paste has in it.
    """
    files, pictures = list[Named](), list[Picture]()
    try:
        for reference, path in _existing(typed(text), known):
            if path.suffix.lower() in IMAGES:
                pictures.append((path.name, _picture(path)))
                files.append(Named(reference, None))
            else:
                files.append(Named(reference, _text(path)))
    except OSError as error:
        said = _("{path} cannot be read: {why}. Nothing was sent.")
        why = error.strerror or str(error)
        raise NotAttached(said.format(path=error.filename, why=why)) from error
    return embedded(unmarked(text), files), pictures


def _existing(text: str, known: Container[str]) -> Iterator[tuple[Reference, Path]]:
    """The files that a text names; what is none is only words, but for pictures."""
    for reference in references(text):
        if reference.path in known:
            continue
        cut = len(reference.path) - len(reference.path.rstrip(_CLOSING))
        shorter = Reference(
            reference.path.rstrip(_CLOSING), reference.start, max(reference.end - cut, 0)
        )
        for each in (reference, shorter) if cut else (reference,):
            path = home_path(each.path)
            if is_file(path):
                yield each, path
                break
        else:
            if shorter.path.lower().endswith(IMAGES):
                said = _("There is no image {path}. Nothing was sent; tab completes behind @.")
                raise NotAttached(said.format(path=shorter.path))


def _picture(path: Path) -> bytes:
    _refuse_larger(path, LARGEST_IMAGE)
    data = path.read_bytes()
    if not is_image(data):
        said = _("{name} is not a PNG, JPEG, WebP or GIF image. Nothing was sent.")
        raise NotAttached(said.format(name=path.name))
    return data


def _text(path: Path) -> str:
    _refuse_larger(path, LARGEST_TEXT)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        said = _("{name} is neither text nor an image ({images}). Nothing was sent.")
        raise NotAttached(said.format(name=path.name, images=" ".join(IMAGES)))
    return text


def _refuse_larger(path: Path, most: int) -> None:
    if (found := path.stat().st_size) > most:
        said = _("{name} is {size}; at most {most} can go with a message. Nothing was sent.")
        raise NotAttached(said.format(name=path.name, size=size(found), most=size(most)))
