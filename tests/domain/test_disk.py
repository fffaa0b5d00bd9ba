from tui.domain.disk import Disk
from tui.domain.manifests import CONFIG, TEMPLATE, WEIGHTS, Layer, Manifest

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
LICENCE = "sha256:" + "d" * 64


def manifest(weights: str, size: int, config: str) -> Manifest:
    return Manifest(
        config=Layer(media_type=CONFIG, digest=config, size=1),
        layers=[
            Layer(media_type=WEIGHTS, digest=weights, size=size),
            Layer(media_type=TEMPLATE, digest=LICENCE, size=10),
        ],
    )


ONE, TWO, OTHER = (f"sha256:{digit * 64}" for digit in "123")
DISK = Disk(
    "models",
    {
        "a:1b": manifest(A, 1000, ONE),
        "b:1b": manifest(A, 1000, TWO),
        "c:1b": manifest(C, 500, OTHER),
    },
)


def test_a_shared_file_is_counted_once() -> None:
    assert DISK.total == 1000 + 500 + 10 + 3


def test_deleting_frees_only_what_nobody_else_needs() -> None:
    assert DISK.freed(["a:1b"]) == 1
    assert DISK.freed(["a:1b", "b:1b"]) == 1002
    assert DISK.freed(["a:1b", "b:1b", "c:1b"]) == DISK.total
    assert DISK.freed(["nobody:1b"]) == 0


def test_who_shares_a_file_is_known() -> None:
    assert DISK.sharers(A, but="a:1b") == ["b:1b"]
    assert DISK.sharers(C, but="c:1b") == []
    assert DISK.shared("a:1b") == 1010
    assert DISK.shared("nobody:1b") == 0
