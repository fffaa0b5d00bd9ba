"""`python -P -m tui.engine`: the embedded Ollama-compatible server, in a process of its own.

Prints one JSON line when it listens: `{"listening": "http://127.0.0.1:11434"}`, or
`{"running": "/path"}` when it is not needed because another one follows already (the path is empty
while that one still starts). Exit codes: 0 for an end that was asked for, 1 when it cannot listen,
3 when the extra `local` is missing. With `--socket` its address stands in `state/engine.json`. With
`--follow` it ends 0.05 s after the last program that holds `GET /api/ollama-tui/attached` open has
left, or after 30 s in which none came.
"""

import argparse
import json
import logging
import os
import re
import sys

from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.engine import settings

CANNOT_LISTEN, NOT_INSTALLED = 1, 3
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class PlainFormatter(logging.Formatter):
    """Writes lines that cannot steer a terminal: the words of registries are among them."""

    def format(self, record: logging.LogRecord) -> str:
        """What is to be written of a record."""
        return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], super().format(record))


def main() -> int:
    """Run the engine; the exit code."""
    asked = _arguments()
    level = logging.DEBUG if settings.debugs() else logging.INFO
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter("%(asctime)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    for name in ("asyncio", "httpcore", "httpx", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    if trouble := _missing():
        return _fail(trouble, NOT_INSTALLED)
    try:
        address = _address(asked)
    except ValueError as error:
        return _fail(str(error), CANNOT_LISTEN)
    return _serve(address, follow=asked.follow)


def _address(asked: argparse.Namespace) -> HostAddress:
    """Where to listen. Raises ValueError."""
    if asked.socket:
        return HostAddress(socket=asked.socket)
    address = HostAddress.parse(asked.host)
    if address.box:
        raise ValueError(
            _("{address} is another machine, and the engine listens on this one.").format(
                address=address.shown
            )
        )
    return address


def _serve(address: HostAddress, *, follow: bool) -> int:
    from tui.engine.serve import AlreadyRunning, PortTaken, Wanted, serve

    if not address.is_local or address.host in ("0.0.0.0", "::"):
        _tell(_("Everybody who reaches {address} can use and delete the models: the engine asks "
                "for no password.").format(address=address.host))  # fmt: skip
    try:
        serve(Wanted(address, follow))
    except PortTaken as error:
        return _fail(str(error), CANNOT_LISTEN)
    except OSError as error:
        text = _("The engine cannot use its folders: {reason}. Look who owns them.")
        return _fail(text.format(reason=error), CANNOT_LISTEN)
    except AlreadyRunning as error:
        print(json.dumps({"running": str(error)}), flush=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ollama-tui engine")
    parser.add_argument(
        "--host",
        default=os.environ.get("OLLAMA_HOST", ""),
        help=_("where to listen, in the forms of OLLAMA_HOST (default 127.0.0.1:11434)"),
    )
    parser.add_argument("--socket", help=_("listen on a unix socket instead"))
    parser.add_argument(
        "--follow",
        action="store_true",
        help=_("end when the last attached program has left"),
    )
    return parser.parse_args()


def _missing() -> str:
    """What keeps the engine from running, in words for the user; empty when nothing does."""
    try:
        import starlette
        import uvicorn
        import xllamacpp
    except ModuleNotFoundError as error:
        return _(
            "The embedded engine needs {module}, which is not installed. Install it with "
            "pipx inject ollama-tui 'ollama-tui[local]', or with pip install 'ollama-tui[local]'."
        ).format(module=error.name)
    except ImportError as error:
        return _(
            "llama.cpp cannot be loaded: {reason}. If a library such as libgomp.so.1 is missing, "
            "install your system's package libgomp1 (or libgomp)."
        ).format(reason=error)
    del starlette, uvicorn, xllamacpp
    return ""


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fail(text: str, code: int) -> int:
    _tell(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
