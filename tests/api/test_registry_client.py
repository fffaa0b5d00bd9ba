"""The client of model registries, as the download queue uses it too."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from hashlib import sha256

import pytest

import registry
from registry import Knobs
from tui.api.registry import Registry
from tui.api.registry_errors import NotInRegistry, RegistryError, RegistryUnreachable
from tui.domain.names import ModelName

_CONTENT = registry.random_bytes(200_000)
_DIGEST = "sha256:" + sha256(_CONTENT).hexdigest()


@pytest.fixture
def source() -> Iterator[registry.Registry]:
    with registry.Registry() as running:
        running.add("library/one:latest", {"application/vnd.ollama.image.model": _CONTENT})
        yield running


def _name(source: registry.Registry, model: str = "one") -> ModelName:
    return ModelName.parse(f"{source.host}/library/{model}")


async def _chunks(client: Registry, source: registry.Registry, start: int, end: int) -> list[bytes]:
    async with aclosing(client.blob(_name(source), _DIGEST, start, end)) as chunks:
        return [chunk async for chunk in chunks]


async def test_a_models_size_is_known_before_it_is_downloaded(source: registry.Registry) -> None:
    async with Registry(insecure=True) as client:
        assert await client.size(_name(source)) == 200_023
        assert await client.manifest(_name(source)) == source.manifests["library/one:latest"]
    assert not source.seen.ranges


@pytest.mark.parametrize(("start", "end"), [(0, 200_000), (1, 2), (199_999, 200_000)])
async def test_any_stretch_of_a_file_can_be_had(
    source: registry.Registry, start: int, end: int
) -> None:
    async with Registry(insecure=True) as client:
        found = b"".join(await _chunks(client, source, start, end))
    assert found == _CONTENT[start:end]


async def test_more_than_was_asked_for_is_not_waited_for(source: registry.Registry) -> None:
    source.knobs = Knobs(endless=True)
    async with Registry(insecure=True) as client, asyncio.timeout(20):
        assert b"".join(await _chunks(client, source, 5, 100_000)) == _CONTENT[5:100_000]


async def test_an_answer_without_end_is_no_manifest(
    source: registry.Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.api.registry_wire._MOST_BYTES", 100)
    async with Registry(insecure=True) as client:
        with pytest.raises(RegistryError, match="answers without end"):
            await client.manifest(_name(source))


async def test_a_token_is_not_shown_where_a_redirect_leads(source: registry.Registry) -> None:
    source.knobs = Knobs(token="for-anybody")
    async with Registry(insecure=True) as client:
        await client.size(_name(source))
        assert await _chunks(client, source, 0, 10)
    assert source.seen.redirected_tokens == [""]


async def test_a_model_that_is_not_there_is_told_apart(source: registry.Registry) -> None:
    async with Registry(insecure=True) as client:
        with pytest.raises(NotInRegistry, match="has no model") as trouble:
            await client.size(_name(source, "nope"))
        assert trouble.value.words == "file does not exist"


async def test_a_refusal_carries_its_status(source: registry.Registry) -> None:
    source.knobs.manifest_status = 429
    async with Registry(insecure=True) as client:
        with pytest.raises(RegistryError, match="refused: 429: ") as trouble:
            await client.size(_name(source))
        assert trouble.value.status == 429


async def test_a_connection_that_breaks_is_unreachable(source: registry.Registry) -> None:
    source.knobs = Knobs(cut_after=100_000)
    async with Registry(insecure=True) as client:
        with pytest.raises(RegistryUnreachable):
            await _chunks(client, source, 0, 200_000)


async def test_nobody_there_is_unreachable() -> None:
    with registry.Registry() as gone:
        name = _name(gone)
    async with Registry(insecure=True) as client:
        with pytest.raises(RegistryUnreachable, match=r"127\.0\.0\.1 cannot be reached") as trouble:
            await client.size(name)
    assert trouble.value.words.startswith(
        f'Get "http://{name.host}/v2/library/one/manifests/latest'
    )


async def test_a_registry_without_tls_is_not_asked_unless_that_is_wanted(
    source: registry.Registry,
) -> None:
    async with Registry() as client:
        with pytest.raises(RegistryUnreachable):
            await client.size(_name(source))
