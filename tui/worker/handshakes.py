"""What an encrypted connection tells: whom a certificate is for, until when, who vouches for it."""

from datetime import timedelta

from tui.api.checkup import Handshake
from tui.domain import clock
from tui.domain.checkup import Finding
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.worker import mending

_NOT_YET, _EXPIRED = 9, 10
_UNVOUCHED = (18, 19, 20, 21)
"""OpenSSL's numbers for a certificate of one's own, or of an authority that is not known."""
_OTHER_NAME = (62, 64)
_SOON = timedelta(days=14)


async def judged(shaken: Handshake, address: HostAddress) -> Finding:
    """What a handshake stands for."""
    name = _("TLS")
    if not shaken.trouble:
        return _accepted(shaken)
    if shaken.code is None:
        said = _("no encryption: {why}").format(why=shaken.trouble)
        cause, mend = await mending.of_answer(address, "tls")
        return Finding(name, "bad", said, cause, mend)
    said = _("certificate not accepted: {why}; {facts}")
    said = said.format(why=shaken.trouble, facts=_facts(shaken))
    return Finding(name, "bad", said, *_cause_and_mend(shaken, address))


def _accepted(shaken: Handshake) -> Finding:
    left = shaken.expires - clock.now() if shaken.expires else _SOON
    if left >= _SOON:
        return Finding(_("TLS"), "good", _facts(shaken))
    cause = _("The certificate ends soon; then no program will connect any more.")
    return Finding(_("TLS"), "unknown", _facts(shaken), cause, mending.renewal())


def _facts(shaken: Handshake) -> str:
    names = ", ".join(shaken.names) or "?"
    until = f"{shaken.expires:%Y-%m-%d}" if shaken.expires else "?"
    return _("for {names} until {day}").format(names=names, day=until)


def _cause_and_mend(shaken: Handshake, address: HostAddress) -> tuple[str, str]:
    if shaken.code == _EXPIRED:
        return _("The certificate has expired, or this machine's clock is wrong."), (
            mending.renewal()
        )
    if shaken.code == _NOT_YET:
        return _("The certificate is not valid yet: a clock is wrong, here or there."), "date"
    if shaken.code in _OTHER_NAME:
        return _("The certificate is for another name."), mending.by_name(address, shaken.names)
    if shaken.code in _UNVOUCHED:
        cause = _("Nobody whom this machine trusts vouches for it: it may be your own.")
        return cause, mending.authority(address)
    return _("The server's certificate is damaged or not for servers."), mending.renewal()
