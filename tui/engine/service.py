"""The engine as its routes see it: the store, the loaded models, the downloads."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from tui.domain import durations
from tui.engine.bodies import Answering, Inference
from tui.engine.downloads import Downloads
from tui.engine.errors import EngineError
from tui.engine.followers import Followers
from tui.engine.models import Model, Models
from tui.engine.options import LoadOptions, checked, sampling
from tui.engine.scheduler import Scheduler
from tui.engine.starter import Starter
from tui.engine.store import Store

API_LEVEL = "0.32.15"
"""The version of Ollama whose API is spoken: clients compare it."""


@dataclass(frozen=True)
class Engine:
    """Everything a route may need."""

    store: Store
    models: Models
    scheduler: Scheduler
    followers: Followers
    downloads: Downloads
    starter: Starter

    def model(self, name: str, missing: str = "model '{}' not found") -> Model:
        """A model by the name a client wrote. Raises EngineError with status 404."""
        found = self.models.find(name)
        if found is None:
            raise EngineError(missing.format(name), 404)
        return found


def engine_of(request: Request) -> Engine:
    """The engine that a request came to."""
    engine: Engine = request.app.state.engine
    return engine


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request for an answer comes down to."""

    model: Model
    options: dict[str, Any]
    load: LoadOptions
    keep: float | None

    @classmethod
    def settle(cls, model: Model, body: Inference) -> "Terms":
        """The model's own options and the request's. Raises EngineError."""
        options = checked(model.parameters, body.options)
        if model.header is None:
            raise EngineError(f"error loading model: {model.trouble}")
        shift = body.shift if isinstance(body, Answering) else True
        load = LoadOptions.choose(model.header, options, shift=shift)
        return cls(model, options, load, keep_alive(body.keep_alive))

    def sampling(self) -> dict[str, Any]:
        """The options of a completion, in llama.cpp's words."""
        return sampling(self.options, self.load.context)


def keep_alive(value: str | float | None) -> float | None:
    """Seconds; None when the client did not say. Raises EngineError with status 400."""
    if value is None or value == "":
        return None
    try:
        return durations.seconds(value)
    except ValueError as error:
        raise EngineError(str(error), 400) from error
