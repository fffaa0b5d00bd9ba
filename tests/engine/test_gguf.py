import struct
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tiny_gguf
from tui.engine import gguf
from tui.engine.abilities import capabilities
from tui.engine.gguf import BadGguf


def test_a_header_tells_what_a_model_is(tiny: Path) -> None:
    header = gguf.read(tiny)
    assert header.architecture == "llama"
    assert header.number("context_length") == 4096
    assert header.number("nonsense") == 0
    assert header.file_type == "F32"
    assert header.template == tiny_gguf.TEMPLATE
    assert capabilities(header, header.template) == ["completion"]
    assert header.tensors[0].shape == (64, 264)
    assert header.parameter_count == 116_032


def test_long_lists_are_read_only_when_asked_for(tiny: Path) -> None:
    assert gguf.read(tiny).metadata["tokenizer.ggml.tokens"] is None
    assert len(gguf.read(tiny, arrays=True).metadata["tokenizer.ggml.tokens"]) == 264


@pytest.mark.parametrize(
    ("template", "embed", "found"),
    [
        (tiny_gguf.THINKING_TEMPLATE, False, ["completion", "thinking"]),
        ("{{ tools }}", False, ["completion", "tools"]),
        ("", False, ["completion"]),
        ("", True, ["embedding"]),
    ],
)
def test_the_template_shows_what_a_model_can_do(
    tmp_path: Path, template: str, embed: bool, found: list[str]
) -> None:
    path = tiny_gguf.write(tmp_path / "model.gguf", template=template, embed=embed)
    header = gguf.read(path)
    assert capabilities(header, header.template) == found


def test_every_shortened_file_is_refused(tiny: Path, tmp_path: Path) -> None:
    whole = tiny.read_bytes()
    broken = tmp_path / "broken.gguf"
    for length in (0, 3, 23, 24, 100, 1000, 5000, len(whole) // 2, len(whole) - 40):
        broken.write_bytes(whole[:length])
        with pytest.raises(BadGguf):
            gguf.read(broken)


def _header(keys: int, rest: bytes, *, version: int = 3, tensors: int = 0) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys) + rest


_KEY = struct.pack("<Q", 1) + b"k"


@pytest.mark.parametrize(
    "content",
    [
        b"this is not a gguf file" * 10,
        _header(0, b"", version=99),
        _header(2**63, b"", tensors=2**63),
        _header(1, struct.pack("<Q", 2**62) + b"x"),
        _header(1, _KEY + struct.pack("<I", 77)),
        _header(1, _KEY + struct.pack("<IIQ", 9, 8, 2**60)),
        _header(1, _KEY + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 100_000),
    ],
)
def test_nonsense_is_refused_and_never_a_crash(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "nonsense.gguf"
    path.write_bytes(content)
    with pytest.raises(BadGguf):
        gguf.read(path)


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_damage_does_more_than_be_refused(tiny: Path, data: st.DataObject) -> None:
    """A header whose bytes were changed anywhere is read or refused, quickly and in little room."""
    content = bytearray(tiny.read_bytes()[:20_000])
    places = st.integers(4, len(content) - 9)
    for at in data.draw(st.lists(places, min_size=1, max_size=4)):
        content[at : at + 8] = data.draw(st.sampled_from(_NUMBERS))
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        began = time.perf_counter()
        with suppress(BadGguf):
            gguf.read(Path(file.name), arrays=True)
        assert time.perf_counter() - began < 2


_NUMBERS = [struct.pack("<Q", number) for number in (0, 1, 9, 2**16, 2**24 + 1, 2**31, 2**64 - 1)]
