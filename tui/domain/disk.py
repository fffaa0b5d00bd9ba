"""What models take on a disk: layers are files, and several models may share one."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from tui.domain.manifests import Layer, Manifest


class Disk(msgspec.Struct, frozen=True):
    """A models folder: what each model is made of, and what belongs to none."""

    folder: str
    manifests: Mapping[str, Manifest]
    """By name, as the server lists them."""
    digests: Mapping[str, str] = {}
    """sha256 of each manifest, 64 hex digits."""
    stray: int = 0
    """Bytes of files that no model needs: interrupted downloads, leftovers."""

    @property
    def total(self) -> int:
        """Bytes of all models, each file counted once."""
        return sum(layer.size for layer in self._layers(self.manifests).values())

    def freed(self, names: Collection[str]) -> int:
        """Bytes that deleting all of these frees: of files that no other model needs."""
        kept = self._layers(name for name in self.manifests if name not in names)
        gone = self._layers(name for name in names if name in self.manifests)
        return sum(layer.size for digest, layer in gone.items() if digest not in kept)

    def shared(self, name: str) -> int:
        """Bytes of a model that other models need, too."""
        manifest = self.manifests.get(name)
        return _distinct(manifest) - self.freed([name]) if manifest else 0

    def sharers(self, digest: str, but: str) -> list[str]:
        """The other models that need a file."""
        return sorted(
            name
            for name, manifest in self.manifests.items()
            if name != but and any(layer.digest == digest for layer in manifest.files)
        )

    def _layers(self, names: Iterable[str]) -> dict[str, Layer]:
        return {layer.digest: layer for name in names for layer in self.manifests[name].files}


def _distinct(manifest: Manifest) -> int:
    return sum({layer.digest: layer.size for layer in manifest.files}.values())
