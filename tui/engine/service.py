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


NO_PICTURES = "image generation models are not currently supported"
_NO_CLOUD = "ollama cloud is disabled: remote inference is unavailable"


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
        local = name.removesuffix(":local")
        cloud = local.endswith((":cloud", "-cloud"))
        if cloud and local != name:
            raise EngineError("use either :local or :cloud, not both", 400)
        found = self.models.find(local)
        if found is None and cloud:
            raise EngineError(_NO_CLOUD, 403)
        if found is None:
            raise EngineError(missing.format(name), 404)
        return found

    async def load_or_unload(self, terms: "Terms") -> str:
        """A request with nothing to answer: its `keep_alive` says which of the two is meant."""
        if terms.keep == 0:
            await self.scheduler.unload(terms.model)
            return "unload"
        async with self.scheduler.use(terms.model, terms.load, terms.keep):
            return "load"


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
    think: bool | str | None = None
    """Whether to think, and how much; None is the model's own habit."""

    @classmethod
    def settle(cls, model: Model, body: Inference) -> "Terms":
        """The model's own options and the request's. Raises EngineError."""
        if "image" in model.config.get("capabilities", ()):
            raise EngineError(NO_PICTURES, 400)
        options = checked(model.parameters, body.options)
        if model.header is None:
            raise EngineError(f"error loading model: {model.trouble}")
        shift, think = (body.shift, body.think) if isinstance(body, Answering) else (True, None)
        sees = "vision" in model.capabilities
        load = LoadOptions.choose(model.header, options, shift=shift, sees=sees)
        return cls(model, options, load, keep_alive(body.keep_alive), think)

    def sampling(self) -> dict[str, Any]:
        """The options of a completion, in llama.cpp's words."""
        return sampling(self.options, self.load.context)

    @property
    def can_think(self) -> bool:
        """Whether the model is made for thinking."""
        return "thinking" in self.model.capabilities

    @property
    def thinks(self) -> bool:
        """Whether it is going to: it does unless it is asked not to."""
        return self.can_think and self.think is not False

    @property
    def template(self) -> dict[str, Any]:
        """What the chat template is told."""
        if not self.can_think:
            return {}
        chosen: dict[str, Any] = {"enable_thinking": self.thinks}
        if isinstance(self.think, str):
            chosen["reasoning_effort"] = self.think
        return {"chat_template_kwargs": chosen}


def keep_alive(value: str | float | None) -> float | None:
    """Seconds; None when the client did not say. Raises EngineError with status 400."""
    if value is None or value == "":
        return None
    try:
        return durations.seconds(value)
    except ValueError as error:
        raise EngineError(str(error), 400) from error
