"""What an answer waits for while no word of it has come."""

from collections.abc import Iterable

from tui.domain.names import same_model
from tui.domain.replies import Phase
from tui.domain.status import HostStatus
from tui.worker.reply import Reply


def ahead_of(reply: Reply, running: Iterable[Reply]) -> Reply | None:
    """The answer of the same model that was asked for before this one."""
    for other in running:
        if other is reply:
            return None
        if (other.host, other.message.model) == (reply.host, reply.message.model):
            return other
    return None


def wait_of(reply: Reply, ahead: Reply | None, title: str, host: HostStatus) -> tuple[Phase, str]:
    """The phase, and what it is about; `title` is that of the conversation of `ahead`."""
    model = reply.message.model
    # A server of the other kind answers many at once, whatever else it is asked.
    if ahead and not host.is_fixed:
        return "queued", title
    if host.state != "up":
        return "connecting", ""
    if not host.tells_loaded or any(same_model(one.name, model) for one in host.running):
        return "reading", ""
    return "loading", model
