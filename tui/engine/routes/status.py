"""What the server says of itself, and of what it does not do."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from tui import __version__
from tui.engine.answers import Whole
from tui.engine.errors import EngineError
from tui.engine.followers import Followers
from tui.engine.service import API_LEVEL, NO_PICTURES, engine_of


async def root(_request: Request) -> Response:
    """`GET /` and `HEAD /`: a sign of life."""
    return PlainTextResponse("Ollama is running")


async def version(_request: Request) -> Response:
    """`GET /api/version`: the API that is spoken, and by whom."""
    return Whole({"version": API_LEVEL, "engine": f"ollama-tui {__version__}"})


async def cloud(_request: Request) -> Response:
    """`GET /api/status`: there is no cloud here."""
    return Whole({"cloud": {"disabled": True, "source": "env"}})


async def account(_request: Request) -> Response:
    """`POST /api/me` and the like: there are no accounts here."""
    raise EngineError("account unavailable", 503)


async def web(request: Request) -> Response:
    """`/api/experimental/web_search` and `web_fetch`: there is no cloud to ask."""
    what = request.url.path.rpartition("/")[2].replace("_", " ")
    raise EngineError(f"ollama cloud is disabled: {what} is unavailable", 403)


async def pictures(_request: Request) -> Response:
    """`/v1/images/generations` and the like: refused as by Ollama."""
    raise EngineError(NO_PICTURES, 400)


async def unsupported(request: Request) -> Response:
    """Any route of Ollama's that is not here."""
    raise EngineError(f"this engine does not support {request.url.path}", 501)


async def attached(request: Request) -> "Attachment":
    """`GET /api/ollama-tui/attached`: held open by a program for as long as it needs the engine.

    Nothing is ever sent but the headers. With `--follow` the engine ends 0.05 s after the last of
    these connections has closed.
    """
    return Attachment(engine_of(request).followers)


class Attachment:
    """An answer that lasts as long as its reader does."""

    def __init__(self, followers: Followers) -> None:
        self._followers = followers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold one connection, as an ASGI application."""
        self._followers.joined()
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._followers.left()
