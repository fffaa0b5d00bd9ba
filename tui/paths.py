"""Where the stylesheets are."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def stylesheet(name: str) -> Path:
    """A stylesheet by its name."""
    return _styles() / f"{name}.tcss"


def stylesheets() -> list[Path]:
    """Every stylesheet."""
    return sorted(_styles().glob("*.tcss"))


def _styles() -> Path:
    """Inside the package once built, beside it in a checkout."""
    built = _PACKAGE / "styles"
    return built if built.is_dir() else _PACKAGE.parent / "styles"
