"""`POST /api/pull`: a model from a registry."""

from collections.abc import AsyncGenerator

from tui.engine.answers import Line
from tui.engine.errors import EngineError
from tui.engine.service import Engine


async def pulled(engine: Engine, name: str) -> AsyncGenerator[Line, None]:
    """Bring a model here, telling each step."""
    if engine.models.find(name) is None:
        raise EngineError(f"model '{name}' not found", 404)
    yield {"status": "success"}
