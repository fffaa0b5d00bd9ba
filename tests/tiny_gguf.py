"""Writes a tiny GGUF of random weights: 470 kB that the real llama.cpp loads at once.

At temperature 0 it says ASCII letters without end, so `num_predict` alone decides the length.
"""

import argparse
import array
import random
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path

_SAID = "{{ m['content'] }}<|im_end|>\n{% endfor %}"
_TALK = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
_TURN = "{% if add_generation_prompt %}<|im_start|>assistant\n"
_BEGUN = (
    "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n"
    "{% else %}<think>\n{% endif %}"
)
_THOUGHT = "{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}"

TEMPLATE = _TALK + _SAID + _TURN + "{% endif %}"
THINKING_TEMPLATE = _TALK + _THOUGHT + _SAID + _TURN + _BEGUN + "{% endif %}"
"""The model begins inside its thinking, and random weights never leave it."""
FORGETFUL_TEMPLATE = _TALK + _SAID + _TURN + _BEGUN + "{% endif %}"
"""As above, but llama.cpp cannot see from it that there is thinking to be told apart."""
_SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
_DRAWN = 9973
_LETTERS = range(32, 127)
_MERGES = ["h e", "t h", "i n", "e r", "a n"]
_UINT32, _INT32, _FLOAT, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_SCALARS = {_UINT32: "<I", _INT32: "<i", _FLOAT: "<f", _BOOL: "<?"}

Value = int | float | bool | str | list[str] | list[int]


@dataclass(frozen=True)
class Shape:
    """The size of the model."""

    width: int = 64
    layers: int = 2
    heads: int = 4
    inner: int = 128
    context: int = 4096


def write(
    path: Path,
    *,
    template: str = TEMPLATE,
    embed: bool = False,
    seed: int = 7,
    shape: Shape | None = None,
) -> Path:
    """Write a model; `embed` makes it one for embeddings."""
    shape = shape or Shape()
    tokens = _SPECIAL + _byte_alphabet() + [merge.replace(" ", "") for merge in _MERGES]
    keys = [_key(*each) for each in _metadata(shape, tokens, template, embed=embed)]
    infos, contents = _tensors(shape, len(tokens), random.Random(seed))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(keys)) + b"".join(keys + infos)
    path.write_bytes(head + b"\0" * (-len(head) % 32) + b"".join(contents))
    return path


def _byte_alphabet() -> list[str]:
    """The letters that byte-level vocabularies write the 256 bytes with."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = {byte: chr(byte) for byte in plain} | {
        byte: chr(256 + number) for number, byte in enumerate(others)
    }
    return [letters[byte] for byte in range(256)]


def _metadata(
    shape: Shape, tokens: list[str], template: str, *, embed: bool
) -> list[tuple[str, int, Value]]:
    kinds = [3] * len(_SPECIAL) + [1] * (len(tokens) - len(_SPECIAL))
    keys: list[tuple[str, int, Value]] = [
        ("general.architecture", _STRING, "llama"),
        ("general.name", _STRING, "Tiny Random"),
        ("general.file_type", _UINT32, 0),
        ("general.license", _STRING, "CC0-1.0"),
        ("llama.context_length", _UINT32, shape.context),
        ("llama.embedding_length", _UINT32, shape.width),
        ("llama.block_count", _UINT32, shape.layers),
        ("llama.feed_forward_length", _UINT32, shape.inner),
        ("llama.attention.head_count", _UINT32, shape.heads),
        ("llama.attention.head_count_kv", _UINT32, shape.heads),
        ("llama.rope.dimension_count", _UINT32, shape.width // shape.heads),
        ("llama.attention.layer_norm_rms_epsilon", _FLOAT, 1e-5),
        ("llama.vocab_size", _UINT32, len(tokens)),
        ("tokenizer.ggml.model", _STRING, "gpt2"),
        ("tokenizer.ggml.pre", _STRING, "gpt-2"),
        ("tokenizer.ggml.tokens", _ARRAY, tokens),
        ("tokenizer.ggml.token_type", _ARRAY, kinds),
        ("tokenizer.ggml.merges", _ARRAY, _MERGES),
        ("tokenizer.ggml.bos_token_id", _UINT32, 0),
        ("tokenizer.ggml.eos_token_id", _UINT32, 2),
        ("tokenizer.ggml.add_bos_token", _BOOL, False),
    ]
    if template:
        keys.append(("tokenizer.chat_template", _STRING, template))
    if embed:
        keys.append(("llama.pooling_type", _UINT32, 1))
    return keys


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _key(name: str, kind: int, value: Value) -> bytes:
    head = _text(name) + struct.pack("<I", kind)
    if isinstance(value, str):
        return head + _text(value)
    if isinstance(value, list):
        items = [
            _text(each) if isinstance(each, str) else struct.pack("<i", each) for each in value
        ]
        inner = _STRING if isinstance(value[0], str) else _INT32
        return head + struct.pack("<IQ", inner, len(items)) + b"".join(items)
    return head + struct.pack(_SCALARS[kind], value)


def _shapes(shape: Shape, tokens: int) -> dict[str, tuple[int, ...]]:
    width, inner = shape.width, shape.inner
    found: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (width, tokens),
        "output_norm.weight": (width,),
        "output.weight": (width, tokens),
    }
    for layer in range(shape.layers):
        block = f"blk.{layer}."
        found |= {f"{block}{name}_norm.weight": (width,) for name in ("attn", "ffn")}
        found |= {
            f"{block}attn_{name}.weight": (width, width) for name in ("q", "k", "v", "output")
        }
        found |= {f"{block}ffn_{name}.weight": (width, inner) for name in ("gate", "up")}
        found[f"{block}ffn_down.weight"] = (inner, width)
    return found


def _weights(count: int, *, flat: bool, dice: random.Random) -> "array.array[float]":
    """Random numbers, the same few thousand again and again: dice are slow."""
    numbers = [1.0] if flat else [dice.gauss(0, 0.08) for _ in range(min(count, _DRAWN))]
    return (array.array("f", numbers) * -(-count // len(numbers)))[:count]


def _silence(output: "array.array[float]", width: int) -> None:
    """At temperature 0 nothing is ever said but ASCII, and no end: only letters have weights."""
    for token in range(len(output) // width):
        if token - len(_SPECIAL) not in _LETTERS:
            output[token * width : (token + 1) * width] = array.array("f", [0.0] * width)


def _tensors(shape: Shape, tokens: int, dice: random.Random) -> tuple[list[bytes], list[bytes]]:
    infos: list[bytes] = []
    contents: list[bytes] = []
    offset = 0
    for name, sizes in _shapes(shape, tokens).items():
        weights = _weights(prod(sizes), flat=len(sizes) == 1, dice=dice)
        if name == "output.weight":
            _silence(weights, shape.width)
        raw = weights.tobytes()
        raw += b"\0" * (-len(raw) % 32)
        place = struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, 0, offset)
        infos.append(_text(name) + place)
        contents.append(raw)
        offset += len(raw)
    return infos, contents


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--embed", action="store_true")
    asked = parser.parse_args()
    write(asked.out, embed=asked.embed)
