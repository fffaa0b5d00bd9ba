import json

import pytest

from tui.domain.manifests import LICENSE, WEIGHTS, BadManifest, Manifest

_DIGEST = "sha256:" + "a" * 64


def _raw(digest: str = _DIGEST) -> bytes:
    layer = {"mediaType": WEIGHTS, "digest": digest, "size": 10, "from": "parent:latest"}
    config = {"mediaType": "config", "digest": digest, "size": 5, "unknown": 1}
    return json.dumps({"schemaVersion": 2, "config": config, "layers": [layer]}).encode()


def test_a_manifest_tells_its_files_with_the_config_last() -> None:
    manifest = Manifest.read(_raw())
    assert [layer.media_type for layer in manifest.files] == [WEIGHTS, "config"]
    assert manifest.size == 15
    assert manifest.of_type(WEIGHTS)[0].parent == "parent:latest"
    assert not manifest.of_type(LICENSE)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"{}",
        _raw("sha256:../../../etc/passwd"),
        _raw("sha256:" + "A" * 64),
        _raw(_DIGEST + "0"),
        _raw().replace(b"parent", b"\xff"),
    ],
)
def test_what_is_no_manifest_or_would_leave_the_store_is_refused(raw: bytes) -> None:
    with pytest.raises(BadManifest):
        Manifest.read(raw)
