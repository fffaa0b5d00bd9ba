"""Markdown as lines: parsed into blocks, each laid out once for a width."""

from tui.widgets.markdown.document import Document
from tui.widgets.markdown.layout import Space

__all__ = ["Document", "Space"]
