"""Reads the header of a GGUF file: what a model is, without loading it."""

import math
import mmap
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tui.engine.ggml import FILE_TYPES, TENSOR_TYPES

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9
_MAGIC = b"GGUF"
_VOCABULARY = "tokenizer.ggml.tokens"
_MARK_KEYS = (("fim_pre", "fim_suf", "fim_mid"), ("prefix", "suffix", "middle"))
_MARKS = (
    ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
    ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
    ("<fim-prefix>", "<fim-suffix>", "<fim-middle>"),
    ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
    ("▁<PRE>", "▁<SUF>", "▁<MID>"),
    ("<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>"),
)
"""How models write these tokens whose files do not say which they are."""
_SHORTEST = 24
_VERSIONS = (2, 3)
_MOST_KEYS, _MOST_TENSORS, _MOST_DIMENSIONS, _MOST_BYTES = 1 << 16, 1 << 17, 4, 1 << 24
"""What a header may hold: far more than any model does, and little enough to be read."""


class BadGguf(ValueError):
    """A file that is no GGUF, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor's name, packing and shape."""

    name: str
    type: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Gguf:
    """What the header of a model file says."""

    metadata: dict[str, Any]
    """Every key; arrays are None unless they were asked for."""
    tensors: tuple[Tensor, ...]
    size: int
    """Bytes of the whole file."""
    marks: tuple[str, ...] = ()
    """The tokens around a gap to be filled in, where the vocabulary has them."""

    @cached_property
    def infill(self) -> tuple[str | int, ...]:
        """What stands before the prompt, before the suffix and before the gap; empty for most."""
        for names in _MARK_KEYS:
            found = [self.metadata.get(f"tokenizer.ggml.{name}_token_id") for name in names]
            if len(ids := [each for each in found if isinstance(each, int)]) == len(names):
                return tuple(ids)
        return self.marks

    @property
    def architecture(self) -> str:
        """The family name that prefixes most keys."""
        return str(self.metadata.get("general.architecture", ""))

    def number(self, key: str) -> int:
        """`<architecture>.<key>`; 0 where it is not told."""
        value = self.metadata.get(f"{self.architecture}.{key}")
        return value if isinstance(value, int) else 0

    @cached_property
    def parameter_count(self) -> int:
        """How many numbers the model has."""
        return sum(math.prod(tensor.shape) for tensor in self.tensors)

    @property
    def file_type(self) -> str:
        """The quantisation, such as Q4_K_M."""
        return FILE_TYPES.get(self.metadata.get("general.file_type", -1), "unknown")

    @property
    def template(self) -> str:
        """The chat template, in Jinja; empty where there is none."""
        return str(self.metadata.get("tokenizer.chat_template") or "")


def read(path: Path, *, arrays: bool = False) -> Gguf:
    """Read a header; `arrays` keeps the long lists too. Raises BadGguf and OSError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < _SHORTEST:
            raise BadGguf("supplied file was not in GGUF format")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[:4] != _MAGIC:
                raise BadGguf("supplied file was not in GGUF format")
            try:
                return _Header(data).read(keep=arrays)
            except (OverflowError, MemoryError, RecursionError) as error:
                raise BadGguf("the header's sizes make no sense") from error


class _Header:
    """A place in the bytes of a header, moving forward."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = len(_MAGIC)
        self._size = len(data)
        # The version's low half is empty when the file was written big-endian.
        big = not struct.unpack_from("<I", data, self._at)[0] & 0xFFFF
        self._order = ">" if big else "<"

    def read(self, *, keep: bool) -> Gguf:
        version, tensors, keys = self._number("I"), self._number("Q"), self._number("Q")
        if version not in _VERSIONS:
            raise BadGguf(f"GGUF version {version} is not supported")
        if keys > _MOST_KEYS or tensors > _MOST_TENSORS:
            raise BadGguf("the header's counts make no sense")
        metadata: dict[str, Any] = {}
        marks: tuple[str, ...] = ()
        for _ in range(keys):
            key, start = self._string(), self._at
            metadata[key] = self._value(self._number("I"), keep=keep)
            if key == _VOCABULARY:
                marks = self._marks(start)
        placed = list(self._tensors(tensors))
        self._check_complete(metadata, [end for _tensor, end in placed])
        return Gguf(metadata, tuple(tensor for tensor, _end in placed), self._size, marks)

    def _marks(self, start: int) -> tuple[str, ...]:
        """The tokens around a gap, sought in the vocabulary's bytes as a whole."""
        for marks in _MARKS:
            if all(self._data.find(mark.encode(), start, self._at) >= 0 for mark in marks):
                return marks
        return ()

    def _tensors(self, count: int) -> Iterator[tuple[Tensor, int]]:
        """Each tensor, and where in the data section it ends."""
        for _ in range(count):
            name, dimensions = self._string(), self._number("I")
            if dimensions > _MOST_DIMENSIONS:
                raise BadGguf(f"tensor {name!r} has {dimensions} dimensions")
            shape = tuple(self._number("Q") for _ in range(dimensions))
            number, offset = self._number("I"), self._number("Q")
            packing = TENSOR_TYPES.get(number)
            length = math.prod(shape) // packing.block * packing.size if packing else 0
            yield Tensor(name, packing.name if packing else str(number), shape), offset + length

    def _check_complete(self, metadata: dict[str, Any], ends: list[int]) -> None:
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment < 1:
            raise BadGguf("the alignment makes no sense")
        start = -(-self._at // alignment) * alignment
        if ends and start + max(ends) > self._size:
            missing = start + max(ends) - self._size
            raise BadGguf(f"the file is cut off: {missing} bytes are missing at its end")

    def _take(self, length: int) -> int:
        start = self._at
        if start + length > self._size:
            raise BadGguf("the file is cut off inside its header")
        self._at = start + length
        return start

    def _number(self, form: str) -> Any:  # noqa: ANN401 - whatever the form says
        form = self._order + form
        return struct.unpack_from(form, self._data, self._take(struct.calcsize(form)))[0]

    def _string(self) -> str:
        length = self._number("Q")
        if length > _MOST_BYTES:
            raise BadGguf(f"a text of {length} bytes in the header")
        start = self._take(length)
        return self._data[start : start + length].decode("utf-8", "replace")

    def _value(self, kind: int, *, keep: bool) -> object:
        if kind in _SCALARS:
            return self._number(_SCALARS[kind])
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            return self._array(self._number("I"), self._number("Q"), keep=keep)
        raise BadGguf(f"unknown kind of value {kind}")

    def _array(self, kind: int, count: int, *, keep: bool) -> list[Any] | None:
        if count > self._size:
            raise BadGguf(f"a list of {count} items in a file of {self._size} bytes")
        if keep or kind == _ARRAY:
            values = [self._value(kind, keep=keep) for _ in range(count)]
            return values if keep else None
        if kind == _STRING:
            self._skip_strings(count)
        elif kind in _SCALARS:
            self._take(count * struct.calcsize(self._order + _SCALARS[kind]))
        else:
            raise BadGguf(f"unknown kind of value {kind}")
        return None

    def _skip_strings(self, count: int) -> None:
        """Walk past a vocabulary: 50,000 to 260,000 strings, so nothing is decoded here."""
        unpack, data, at = struct.Struct(self._order + "Q").unpack_from, self._data, self._at
        try:
            for _ in range(count):
                at += 8 + unpack(data, at)[0]
        except struct.error as error:
            raise BadGguf("the file is cut off inside its header") from error
        self._take(at - self._at)
