"""What there is to say of an answer once it is whole, and no server says."""

import msgspec

from tui.api.requests import ChatRequest
from tui.domain.names import same_model
from tui.domain.session import Message
from tui.domain.status import HostStatus


def judged(answer: Message, request: ChatRequest, host: HostStatus) -> Message:
    """The answer, with how many messages it did not see and what is wrong with its form."""
    if answer.state != "complete":
        return answer
    from tui.domain.context import unseen
    from tui.domain.formats import fault

    counted = answer.stats.prompt_eval_count if answer.stats else 0
    return msgspec.structs.replace(
        answer,
        # What is too long for servers of the other kind they refuse, rather than show in part.
        unseen=0 if host.is_fixed else unseen(request.messages, counted, _window(request, host)),
        fault=fault(answer.content, request.format) if request.format else "",
    )


def _window(request: ChatRequest, host: HostStatus) -> int:
    """The model's context while it answered; 0 where nobody knows it."""
    sizes = (m.context_length for m in host.running if same_model(m.name, request.model))
    return next(sizes, 0) or (request.options or {}).get("num_ctx", 0)
