"""Where the stylesheets are."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def stylesheets() -> list[Path]:
    """Every stylesheet: inside the package once built, beside it in a checkout."""
    built = _PACKAGE / "styles"
    folder = built if built.is_dir() else _PACKAGE.parent / "styles"
    return sorted(folder.glob("*.tcss"))
