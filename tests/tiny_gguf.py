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
TOOLS_TEMPLATE = (
    "{% if tools %}<|im_start|>system\n{{ tools | tojson }}<|im_end|>\n{% endif %}"
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.tool_calls %}"
    "{% for c in m.tool_calls %}<tool_call>\n{{ c.function | tojson }}\n</tool_call>{% endfor %}"
    "{% else %}{{ m.content }}{% endif %}<|im_end|>\n{% endfor %}" + _TURN + "{% endif %}"
)
_SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
_DRAWN = 9973
_LETTERS = range(32, 127)
_MERGES = ["h e", "t h", "i n", "e r", "a n"]
_UINT32, _INT32, _FLOAT, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_SCALARS = {_UINT32: "<I", _INT32: "<i", _FLOAT: "<f", _BOOL: "<?"}

Tensors = dict[str, tuple[tuple[int, ...], "array.array[float]"]]
"""Sizes and numbers by name."""
Value = int | float | bool | str | list[str] | list[int] | list[float]


@dataclass(frozen=True)
class Shape:
    """The size of the model, and what else it has."""

    width: int = 64
    layers: int = 2
    heads: int = 4
    inner: int = 128
    context: int = 4096
    file_type: int = 0
    """How its numbers are packed, as far as it says; they are plain floats in truth."""
    specials: tuple[str, ...] = ()
    """More tokens that stand for no text."""


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
    merged = [merge.replace(" ", "") for merge in _MERGES]
    tokens = _SPECIAL + _byte_alphabet() + merged + list(shape.specials)
    keys = [_key(*each) for each in _metadata(shape, tokens, template, embed=embed)]
    infos, contents = _tensors(shape, len(tokens), random.Random(seed))
    return _put(path, keys, infos, contents)


def _put(path: Path, keys: list[bytes], infos: list[bytes], contents: list[bytes]) -> Path:
    head = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(keys)) + b"".join(keys + infos)
    path.write_bytes(head + b"\0" * (-len(head) % 32) + b"".join(contents))
    return path


def write_adapter(path: Path, *, seed: int = 1, shape: Shape | None = None) -> Path:
    """Write a LoRA that changes what the tiny model says."""
    shape, dice = shape or Shape(), random.Random(seed)
    keys = [
        _key("general.architecture", _STRING, "llama"),
        _key("general.type", _STRING, "adapter"),
        _key("adapter.type", _STRING, "lora"),
        _key("adapter.lora.alpha", _FLOAT, 64.0),
    ]
    sizes = {"a": (shape.inner, 4), "b": (4, shape.width)}
    made: Tensors = {
        f"blk.0.ffn_down.weight.lora_{half}": (size, _weights(prod(size), flat=False, dice=dice))
        for half, size in sizes.items()
    }
    infos, contents = _packed(made)
    return _put(path, keys, infos, contents)


def write_projector(path: Path, shape: Shape | None = None) -> Path:
    """Write a part that makes four tokens of any image for the tiny model."""
    shape, dice, width, inner = shape or Shape(), random.Random(3), 32, 64
    keys = [
        _key("general.architecture", _STRING, "clip"),
        _key("general.file_type", _UINT32, 0),
        _key("clip.has_vision_encoder", _BOOL, True),
        _key("clip.projector_type", _STRING, "mlp"),
        _key("clip.use_gelu", _BOOL, True),
        _key("clip.vision.image_size", _UINT32, 28),
        _key("clip.vision.patch_size", _UINT32, 14),
        _key("clip.vision.embedding_length", _UINT32, width),
        _key("clip.vision.feed_forward_length", _UINT32, inner),
        _key("clip.vision.projection_dim", _UINT32, shape.width),
        _key("clip.vision.block_count", _UINT32, 2),
        _key("clip.vision.attention.head_count", _UINT32, 2),
        _key("clip.vision.attention.layer_norm_epsilon", _FLOAT, 1e-5),
        _key("clip.vision.image_mean", _ARRAY, [0.5, 0.5, 0.5]),
        _key("clip.vision.image_std", _ARRAY, [0.5, 0.5, 0.5]),
    ]
    sizes: dict[str, tuple[int, ...]] = {
        "v.class_embd": (width,),
        "v.patch_embd.weight": (14, 14, 3, width),
        "v.position_embd.weight": (width, 5),
        **_layer("v.pre_ln", width),
        **_layer("v.post_ln", width),
        **_layer("mm.0", width, shape.width),
        **_layer("mm.2", shape.width, shape.width),
    }
    for block in ("v.blk.0.", "v.blk.1."):
        for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
            sizes |= _layer(block + name, width, width)
        sizes |= _layer(f"{block}ffn_up", width, inner) | _layer(f"{block}ffn_down", inner, width)
        sizes |= _layer(f"{block}ln1", width) | _layer(f"{block}ln2", width)
    made: Tensors = {
        name: (size, _weights(prod(size), flat=False, dice=dice)) for name, size in sizes.items()
    }
    return _put(path, keys, *_packed(made))


def _layer(name: str, *sizes: int) -> dict[str, tuple[int, ...]]:
    """Weights, and as many biases as there are outputs."""
    return {f"{name}.weight": sizes, f"{name}.bias": sizes[-1:]}


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
    plain = len(tokens) - len(_SPECIAL) - len(shape.specials)
    kinds = [3] * len(_SPECIAL) + [1] * plain + [3] * len(shape.specials)
    keys: list[tuple[str, int, Value]] = [
        ("general.architecture", _STRING, "llama"),
        ("general.name", _STRING, "Tiny Random"),
        ("general.file_type", _UINT32, shape.file_type),
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
        inner = {str: _STRING, int: _INT32, float: _FLOAT}[type(value[0])]
        items = [
            _text(each) if isinstance(each, str) else struct.pack(_SCALARS[inner], each)
            for each in value
        ]
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
    made: Tensors = {}
    for name, sizes in _shapes(shape, tokens).items():
        weights = _weights(prod(sizes), flat=len(sizes) == 1, dice=dice)
        if name == "output.weight":
            _silence(weights, shape.width)
        made[name] = sizes, weights
    return _packed(made)


def _packed(tensors: Tensors) -> tuple[list[bytes], list[bytes]]:
    infos: list[bytes] = []
    contents: list[bytes] = []
    offset = 0
    for name, (sizes, weights) in tensors.items():
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
