"""Texts that can be written down.

Bytes of arguments and of file names that are no UTF-8 come from Python as lone surrogates, which
no file, server or terminal takes.
"""


def writable(text: str) -> str:
    """The text with `?` in the place of each such character."""
    return text.encode(errors="replace").decode()
