"""What can be done with the models of a host."""

from contextlib import aclosing
from typing import Any

from tui.api.errors import OllamaError
from tui.api.requests import ChatRequest
from tui.domain.language import _
from tui.domain.models import ModelCard
from tui.domain.names import same_model
from tui.domain.session import Session, wire
from tui.worker.hosts import Hosts


class NotTold(OllamaError):
    """Something that only newer servers tell."""


class NameTaken(OllamaError):
    """A name that another model has: the server would replace that one without a word."""


class NotTheSame(OllamaError):
    """A copy that is not what it was copied from."""


class Models:
    """Each call raises OllamaError with a text for the user; the host is looked at afterwards."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    async def show(self, host: str, model: str) -> ModelCard:
        """Everything the server tells of a model."""
        return await (await self._hosts.client(host)).show(model)

    async def load(
        self,
        host: str,
        model: str,
        keep_alive: str | int | None = None,
        options: dict[str, Any] | None = None,
    ) -> None:
        """Bring a model into memory, or keep it there; this lasts as long as the loading."""
        await (await self._hosts.client(host)).load(model, keep_alive=keep_alive, options=options)
        self._hosts.look(host)

    async def unload(self, host: str, model: str) -> None:
        """Take a model out of memory."""
        await (await self._hosts.client(host)).unload(model)
        self._hosts.look(host)

    async def copy(self, host: str, source: str, destination: str) -> None:
        """Give a model a second name, which no model has yet."""
        client = await self._hosts.client(host)
        if any(same_model(each.name, destination) for each in await client.models()):
            self._hosts.look(host)
            text = _("There is a {name} already; nothing was done.")
            raise NameTaken(text.format(name=destination))
        await client.copy(source, destination)
        self._hosts.look(host)

    async def prompt(self, session: Session, leaf: str | None, text: str = "") -> str:
        """The text that a question becomes for its model: one that was asked, or `text`."""
        messages = wire(session.branch(leaf), session.system)
        if text:
            messages.append({"role": "user", "content": text})
        request = ChatRequest(
            model=session.model,
            messages=[{k: v for k, v in each.items() if k != "images"} for each in messages],
            options=session.options or None,
            think=session.think,
        )
        prompt = await (await self._hosts.client(session.host)).rendered(request)
        if prompt is None:
            text = _(
                "{host} does not tell its prompts; newer versions of Ollama, llama.cpp and vLLM do."
            )
            raise NotTold(text.format(host=session.host))
        return prompt

    async def rename(self, host: str, source: str, destination: str) -> None:
        """Give a model another name: the old one goes only once the new one is known to be it."""
        await self.copy(host, source, destination)
        client = await self._hosts.client(host)
        digests = {each.name: each.digest for each in await client.models()}
        before = next((digests[name] for name in digests if same_model(name, source)), "")
        after = next((digests[name] for name in digests if same_model(name, destination)), None)
        if after != before:
            self._hosts.look(host)
            text = _("{copy} is not the same as {name} on the server, so {name} stays as it is.")
            raise NotTheSame(text.format(copy=destination, name=source))
        await self.delete(host, source)

    async def save(self, session: Session, name: str) -> None:
        """Make a model of a conversation: its system prompt, options and messages.

        Those that its model already begins with stay before them.
        """
        client = await self._hosts.client(session.host)
        begins = (await client.show(session.model)).messages or []
        messages = [
            {"role": message.role, "content": message.content}
            for message in session.branch()
            if message.content
        ]
        body: dict[str, Any] = {
            "from": session.model,
            "parameters": session.options,
            "messages": [*begins, *messages],
        }
        if session.system:
            body["system"] = session.system
        async with aclosing(client.create(name, body)) as steps:
            async for _step in steps:
                pass
        self._hosts.look(session.host)

    async def delete(self, host: str, model: str) -> None:
        """Delete a model, out of memory first: a server would list it for minutes otherwise."""
        client = await self._hosts.client(host)
        if any(same_model(running.name, model) for running in self._hosts.status(host).running):
            await client.unload(model)
        await client.delete(model)
        self._hosts.look(host)
