"""What this terminal can do, as its environment tells it."""

import os
from collections.abc import AsyncGenerator, Mapping

from tui.domain.checkup import Finding
from tui.domain.language import _
from tui.terminal.kind import BLIND, MANY, MILLIONS, NONE, colours
from tui.terminal.multiplexer import told_by_tmux, way_of


async def examine(
    is_terminal: bool, environment: Mapping[str, str] | None = None
) -> AsyncGenerator[Finding, None]:
    """Kind, colours, characters, and how a copy travels."""
    seen = os.environ if environment is None else environment
    part = _("this terminal")
    for finding in (_kind(is_terminal, seen), _colours(seen), _characters(seen)):
        yield Finding(finding.name, finding.state, finding.said, finding.cause, finding.mend, part)
    copying = await _clipboard(seen)
    yield Finding(copying.name, copying.state, copying.said, copying.cause, copying.mend, part)


def _kind(is_terminal: bool, seen: Mapping[str, str]) -> Finding:
    name, kind = _("terminal"), seen.get("TERM", "")
    if not is_terminal:
        return Finding(name, "unknown", _("none here: the output goes elsewhere"))
    if kind in BLIND:
        said = _("TERM is {term}").format(term=kind or _("not set"))
        cause = _("The full screen needs a terminal that can move its cursor.")
        return Finding(name, "bad", said, cause, "export TERM=xterm-256color")
    inside = [
        word
        for word, there in (
            ("tmux", "TMUX" in seen),
            ("screen", "STY" in seen),
            ("ssh", "SSH_CONNECTION" in seen or "SSH_TTY" in seen),
        )
        if there
    ]
    said = f"{kind} ({', '.join(inside)})" if inside else kind
    return Finding(name, "good", said)


def _colours(seen: Mapping[str, str]) -> Finding:
    name, count = _("colours"), colours(seen)
    if count == NONE:
        return Finding(name, "good", _("none, as NO_COLOR wishes"))
    if count == MILLIONS:
        return Finding(name, "good", _("16 million"))
    mend = "export COLORTERM=truecolor"
    cause = _("COLORTERM is not set, as over ssh; most terminals can show more.")
    if count == MANY:
        return Finding(name, "good", _("256"), cause, mend)
    return Finding(name, "unknown", _("16 or fewer"), cause, mend)


def _characters(seen: Mapping[str, str]) -> Finding:
    name, mend = _("characters"), "export LC_ALL=C.UTF-8"
    variable = next((each for each in ("LC_ALL", "LC_CTYPE", "LANG") if seen.get(each)), "")
    if not variable:
        return Finding(name, "unknown", _("no locale is set"), "", mend)
    value = seen[variable]
    said = f"{variable}={value}"
    if "utf8" in value.lower().replace("-", ""):
        return Finding(name, "good", said)
    cause = _("Without UTF-8 everything is drawn in ASCII, and other letters may be lost.")
    plain = value in ("C", "POSIX")  # which Python itself takes for UTF-8
    return Finding(name, "unknown" if plain else "bad", said, cause, mend)


async def _clipboard(seen: Mapping[str, str]) -> Finding:
    name, way = _("clipboard"), way_of(seen)
    if way == "screen":
        return Finding(name, "good", _("OSC 52 through screen, and a copy in a file"))
    if way != "tmux":
        cause = _("Whether the terminal allows it, it does not tell.")
        return Finding(name, "good", _("OSC 52, and a copy in a file"), cause)
    if "TMUX" not in seen:  # it runs at the other end of ssh, where it cannot be asked
        said = _("OSC 52 through tmux, and a copy in a file")
        cause = _("Whether tmux allows it, it does not tell from here.")
        return Finding(name, "unknown", said, cause, "tmux set -s set-clipboard on")
    said = _("tmux's buffer and OSC 52 by tmux, and a copy in a file")
    if await told_by_tmux("show-options", "-sqv", "set-clipboard") != "off":
        return Finding(name, "good", said)
    cause = _("tmux is told to keep copies to itself.")
    return Finding(name, "bad", said, cause, "tmux set -s set-clipboard on")
