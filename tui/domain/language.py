"""Every text of the program goes through `_`, or through `many` where it counts something."""

import gettext
from pathlib import Path

_LOCALES = Path(__file__).resolve().parent.parent / "data" / "locale"
_translation = gettext.translation("ollama-tui", _LOCALES, fallback=True)

_ = _translation.gettext
many = _translation.ngettext
