"""The engine's HTTP application: every route, and errors in the one form clients know."""

from html import escape
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tui.engine import relay
from tui.engine.answers import Refusal, Whole
from tui.engine.errors import EngineError, of_disk
from tui.engine.guard import Guard
from tui.engine.routes import (
    blobs,
    chat,
    create,
    embed,
    generate,
    library,
    openai,
    status,
    transfer,
)
from tui.engine.service import Engine

_NOT_FOUND = 404
_WORDS = {_NOT_FOUND: "404 page not found", 405: "405 method not allowed"}


def build(engine: Engine, *, check_host: bool) -> Starlette:
    """The application; `check_host` where it listens on a loopback address."""
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(Guard, check_host=check_host)],
        exception_handlers={
            EngineError: _refused,
            OSError: _failed,
            ClientDisconnect: _gone,
            HTTPException: _unrouted,
            Exception: _broken,
        },
    )
    app.router.redirect_slashes = False
    app.state.engine = engine
    return app


def _routes() -> list[Route]:
    return [
        Route("/", status.root),
        Route("/api/version", status.version),
        Route("/api/status", status.cloud),
        Route("/api/tags", library.tags),
        Route("/api/ps", library.ps),
        Route("/api/show", library.show, methods=["POST"]),
        Route("/api/copy", library.copy, methods=["POST"]),
        Route("/api/delete", library.delete, methods=["DELETE"]),
        Route("/api/generate", generate.generate, methods=["POST"]),
        Route("/api/chat", chat.chat, methods=["POST"]),
        Route("/api/embed", embed.embed, methods=["POST"]),
        Route("/api/embeddings", embed.embeddings, methods=["POST"]),
        Route("/api/blobs/{digest}", blobs.blob, methods=["HEAD", "POST"]),
        Route("/api/create", create.create, methods=["POST"]),
        Route("/api/pull", transfer.pull, methods=["POST"]),
        Route("/api/push", transfer.push, methods=["POST"]),
        Route("/api/me", status.account, methods=["POST"]),
        Route("/api/signout", status.account, methods=["POST"]),
        Route("/api/ollama-tui/attached", status.attached),
        Route("/api/experimental/web_search", status.web, methods=["POST"]),
        Route("/api/experimental/web_fetch", status.web, methods=["POST"]),
        Route("/v1/models", openai.models),
        Route("/v1/models/{name:path}", openai.models),
        Route("/v1/embeddings", openai.embeddings, methods=["POST"]),
        *(Route(f"/v1/{kind}", openai.complete, methods=["POST"]) for kind in openai.KINDS),
        Route("/v1/images/{rest:path}", status.pictures, methods=["POST"]),
        Route("/v1/{rest:path}", status.unsupported, methods=["GET", "POST"]),
    ]


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, EngineError) else 500
    if request.url.path.startswith("/v1/"):
        return Whole(relay.refusal(str(error), status), status)
    return Refusal(str(error), status)


async def _failed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)
    return Refusal(str(of_disk(error)), 500)


async def _gone(_request: Request, _error: Exception) -> Response:
    return Refusal("the client left", 499)


async def _unrouted(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code == _NOT_FOUND and path.endswith("/"):
        return _moved(path.rstrip("/"), kept=request.method == "GET")
    answer = Refusal(_WORDS.get(error.status_code, error.detail), error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def _moved(path: str, *, kept: bool) -> Response:
    """A slash too much; only a GET may be made again as something else."""
    return HTMLResponse(
        f'<a href="{escape(path)}">Moved Permanently</a>.\n\n', 301 if kept else 307,
        headers={"location": quote(path)},
    )  # fmt: skip


async def _broken(_request: Request, error: Exception) -> Response:
    """A bug: the traceback is logged, the client is told what kind it was."""
    return Refusal(f"the engine failed: {type(error).__name__}", 500)
