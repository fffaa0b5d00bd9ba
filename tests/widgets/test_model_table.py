from datetime import UTC, datetime, timedelta

import msgspec

from tui.domain.manifests import CONFIG, WEIGHTS, Layer
from tui.domain.models import Details, LocalModel, ModelCard, RunningModel, Tensor
from tui.widgets.model_detail import Detail, detail_lines
from tui.widgets.model_layers import Parts
from tui.widgets.model_table import ModelHeading, ModelLine, ModelTable, name_of, shape_of
from widget_host import Host, plain, rows

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
MODEL = LocalModel(
    name="qwen3:14b",
    size=9_300_000_000,
    digest="bdbd181c33f2" + "0" * 52,
    modified_at=NOW - timedelta(days=4),
    details=Details(family="qwen3", parameter_size="14.8B", quantization_level="Q4_K_M"),
)
CARD = ModelCard(
    license="\n   Apache License\nVersion 2.0",
    parameters='temperature 0.6\nstop "<|im_start|>"\nstop "<|im_end|>"',
    template="\n".join(f"line {number}" for number in range(60)),
    details=MODEL.details,
    model_info={
        "general.architecture": "qwen3",
        "qwen3.context_length": 40960,
        "qwen3.block_count": 40,
        "qwen3.embedding_length": 5120,
    },
    capabilities=["completion", "tools"],
)


async def drawn(width: int, entry: ModelLine) -> list[str]:
    heading, table = ModelHeading(), ModelTable()
    heading.styles.height = 1
    app = Host(heading, table)
    async with app.run_test(size=(width, 4)) as pilot:
        table.show_models([entry], "")
        await pilot.pause()
        return rows(app)[:2]


async def test_columns_come_with_the_width() -> None:
    entry = ModelLine(MODEL, NOW, running=RunningModel(name="qwen3:14b"))
    head, row = await drawn(75, entry)
    assert head.split() == ["name", "size", "params", "quant", "modified"]
    assert row == " ▸ qwen3:14b                  9.3 GB   14.8B  Q4_K_M   4 days     ● loaded"
    head, row = await drawn(40, entry)
    assert head.split() == ["name", "size"]
    assert row.split() == ["▸", "qwen3:14b", "9.3", "GB"]
    head, _row = await drawn(100, entry)
    assert "family" in head


async def test_states_of_a_model_are_words() -> None:
    assert (await drawn(75, ModelLine(MODEL, NOW, pulling=0.43)))[1].endswith("↓ 43 %")
    assert (await drawn(75, ModelLine(MODEL, NOW, loading=True)))[1].endswith("loading")
    assert (await drawn(75, ModelLine(MODEL, NOW, marked=True)))[1].startswith(" ✓ qwen3:14b")


async def test_a_name_cannot_steer_the_terminal() -> None:
    evil = LocalModel(name="a\x1b[31m[bold]b")
    assert "a␛[31m[bold]b" in (await drawn(75, ModelLine(evil, NOW)))[1]


def test_details_say_what_the_server_told() -> None:
    running = RunningModel(
        name="qwen3:14b", size=12_000_000_000, size_vram=9_360_000_000, context_length=16384,
        expires_at=NOW + timedelta(seconds=221),
    )  # fmt: skip
    lines = plain(detail_lines(Detail(MODEL, NOW, CARD, running), 42, whole=False))
    text = [line.rstrip() for line in lines]
    assert "can            chat, tools" in text
    assert "context        40,960 · 16,384 in use" in text
    assert "memory         12.0 GB · 22 % on the CPU" in text
    assert "unloads in     3:41" in text
    assert "licence        Apache License" in text
    assert "  stop         <|im_start|>  <|im_end|>" in text
    assert text[-1] == "  58 more lines"


def test_details_are_whole_for_who_reads_them() -> None:
    lines = plain(detail_lines(Detail(MODEL, NOW, CARD), 42, whole=True))
    assert "  line 59" in lines
    assert "  Version 2.0" in lines


def test_who_reads_sees_what_it_is_made_of() -> None:
    weights, config = ("sha256:" + digit * 64 for digit in "ab")
    layers = (
        Layer(media_type=WEIGHTS, digest=weights, size=9_000_000_000),
        Layer(media_type=CONFIG, digest=config, size=500),
    )
    tensors = [Tensor("a", "F32", [1]), Tensor("b", "Q4_K", [1]), Tensor("c", "Q4_K", [1])]
    card = msgspec.structs.replace(CARD, tensors=tensors)
    parts = Parts(layers, {weights: ["qwen3:copy"]}, 500)
    text = plain(detail_lines(Detail(MODEL, NOW, card, parts=parts), 60, whole=True))
    joined = "\n".join(line.rstrip() for line in text)
    assert f"  model         9.0 GB  {'a' * 12}\n      also in qwen3:copy" in joined
    assert "freed if deleted: 500 B" in joined
    assert "3 tensors · Q4_K 2 · F32 1" in joined
    assert "qwen3.context_length" in joined
    unknown = plain(detail_lines(Detail(MODEL, NOW, card, parts=Parts()), 60, whole=True))
    assert "not known from here" in "\n".join(unknown)


def test_who_renders_and_who_runs_a_model_is_told() -> None:
    details = Details(parent_model="qwen3:8b", format="gguf")
    card = msgspec.structs.replace(
        CARD, details=details, renderer="qwen3-coder", parser="harmony", remote_host="ollama.com",
        remote_model="big",
    )  # fmt: skip
    text = "\n".join(plain(detail_lines(Detail(MODEL, NOW, card), 60, whole=False)))
    for said in ("made from      qwen3:8b", "· gguf", "prompts by     qwen3-coder",
                 "answers by     harmony", "runs on        ollama.com · big"):  # fmt: skip
        assert said in text


def test_details_that_are_not_there_yet_say_so() -> None:
    assert plain(detail_lines(Detail(MODEL, NOW), 42, whole=False))[-1] == "asking..."
    lines = plain(detail_lines(Detail(MODEL, NOW, error="gone"), 42, whole=False))
    assert lines[-1] == "gone"


async def test_of_a_long_name_the_model_and_what_was_found_in_it_stay_in_sight() -> None:
    name = "registry.example.com:5000/somebody/mine:q4_k_m"
    entry = ModelLine(msgspec.structs.replace(MODEL, name=name), NOW, hits=(35, 36))
    for width in (40, 80, 130):
        _head, row = await drawn(width, entry)
        assert row.split()[1].endswith("/mine:q4_k_m"[-20:])
    cut = name_of(name, 20, here=False, hits=(35, 36))
    assert cut.plain == "…omebody/mine:q4_k_m"
    assert [cut.plain[span.start : span.end] for span in cut.spans if "underline" in
            str(span.style)] == ["m", "i"]  # fmt: skip


async def test_a_wide_table_counts_down_to_the_unloading() -> None:
    running = RunningModel(
        name="qwen3:14b",
        size=12_000_000_000,
        size_vram=9_360_000_000,
        expires_at=NOW + timedelta(seconds=221),
    )
    entry = ModelLine(
        MODEL, NOW, running=running, newer=True, context=40960, can=("completion", "tools")
    )
    head, row = await drawn(150, entry)
    assert head.split() == [
        "name", "size", "params", "quant", "family", "context", "can", "modified", "memory"
    ]  # fmt: skip
    assert "40k  tools" in row
    assert row.endswith("●  78 % VRAM    3:41  ↑ update")


SERVED = LocalModel(name="meta-llama/Llama-3.1-8B-Instruct", details=Details(context_length=32768))


async def bare(width: int, *entries: ModelLine) -> list[str]:
    heading, table = ModelHeading(), ModelTable()
    heading.styles.height = 1
    app = Host(heading, table)
    async with app.run_test(size=(width, 5)) as pilot:
        heading.shape = shape_of(entries)
        table.show_models(entries, "")
        await pilot.pause()
        return [row for row in rows(app) if row.strip()]


async def test_what_a_server_without_sizes_does_not_tell_has_no_column() -> None:
    running = RunningModel(name=SERVED.name, context_length=32768)
    head, row = await bare(75, ModelLine(SERVED, NOW, running=running, context=32768))
    assert head.split() == ["name", "context"]
    assert row.split() == ["▸", SERVED.name, "32k", "●", "loaded"]
    wide = await bare(130, ModelLine(SERVED, NOW, running=running, context=32768))
    assert wide[1].split() == ["▸", SERVED.name, "32k", "●", "loaded"]
    assert not any("VRAM" in row or "0 B" in row for row in wide)


async def test_the_longest_name_has_room_before_what_tells_least() -> None:
    details = Details(family="llama", quantization_level="Q4_K_M", parameter_size="8.0B")
    entry = ModelLine(msgspec.structs.replace(SERVED, details=details), NOW, context=32768)
    assert (await bare(75, entry))[0].split() == ["name", "params", "quant", "family", "context"]
    assert (await bare(58, entry))[0].split() == ["name", "params", "context"]
    assert SERVED.name in (await bare(45, entry))[1]


def test_the_sheet_of_a_served_model_makes_nothing_up() -> None:
    running = RunningModel(name=SERVED.name, context_length=32768)
    card = ModelCard(details=SERVED.details)
    lines = plain(detail_lines(Detail(SERVED, NOW, card, running, server="vLLM"), 60, whole=True))
    text = "\n".join(lines)
    assert "32,768 · 32,768 in use" in text
    assert "served by      vLLM" in text
    for word in ("GPU", "0 B", "unloads", "on disk"):
        assert word not in text
