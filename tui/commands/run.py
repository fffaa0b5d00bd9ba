"""`ollama-tui run`: an answer on stdout, all else on stderr; without a prompt, the full screen."""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import aclosing
from typing import Any

from tui.api.base import Client
from tui.api.errors import ModelNotFound
from tui.api.requests import ChatRequest
from tui.commands.answer import Answer
from tui.commands.output import remark, write_json
from tui.commands.services import FAILED, OK, Services, Wrong
from tui.commands.stdin import all_of_it, someone_there
from tui.domain.durations import keep_alive
from tui.domain.formats import FormatError, Schema, schema_of
from tui.domain.language import _
from tui.domain.models import ModelCard
from tui.domain.options import OptionError, option
from tui.domain.unicode import writable
from tui.worker.worker import Worker

_THINK: dict[str, bool | str] = {
    "true": True,
    "false": False,
    "low": "low",
    "medium": "medium",
    "high": "high",
    "max": "max",
}


def add_to(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.set_defaults(bare={"--think": "--think=true"})
    parser.add_argument(
        "model", type=writable, help=_("the model; it is downloaded if it is not there")
    )
    what = _("what to ask; stdin is put before it")
    parser.add_argument("words", nargs="*", type=writable, metavar="PROMPT", help=what)
    parser.add_argument("--system", type=writable, metavar="TEXT", help=_("the system prompt"))
    parser.add_argument(
        "-o", "--option", action="append", default=[], metavar="KEY=VALUE", help=_("a parameter")
    )
    parser.add_argument("--format", default="", help=_("json, or a JSON schema"))
    parser.add_argument("--keepalive", metavar="TIME", help=_("how long it stays loaded: 5m, -1"))
    parser.add_argument(
        "--think", choices=[*_THINK], metavar="HOW", help=_("true, false, low, medium, high or max")
    )
    parser.add_argument("--hidethinking", action="store_true", help=_("do not show what it thinks"))
    parser.add_argument("--verbose", action="store_true", help=_("tell what the answer took"))
    parser.add_argument("--nowordwrap", action="store_true", help=_("lines are never wrapped here"))
    parser.add_argument("--insecure", action="store_true", help=_("a registry without TLS"))


async def run(options: Namespace, services: Services) -> int:
    """Ask, and print the answer as it comes."""
    prompt = await _prompt(options.words)
    if not prompt:
        raise Wrong(_("there is nothing to ask: give a prompt, or text on stdin"))
    request = _request(options, prompt)
    client = await services.client()
    card = await _card(client, options, services)
    if card is None:
        return FAILED
    if card.capabilities and "completion" not in card.capabilities:
        write_json((await client.embed(options.model, [prompt]))[0])
        return OK
    for text in await client.remarks(request):
        remark(text)
    answer = Answer(options)
    with answer:
        async with aclosing(client.chat(request)) as deltas:
            async for delta in deltas:
                answer.take(delta)
    return OK


def begun(options: Namespace, worker: Worker) -> str:
    """The id of a new chat that is set as the options say. Raises Wrong."""
    request = _request(options, "")
    session = worker.conversations.create(worker.hosts.current, options.model)
    session.system = options.system or ""
    session.options = request.options or {}
    session.think, session.format = request.think, request.format
    session.keep_alive = request.keep_alive
    return session.id


def switches(options: Namespace) -> tuple[str, ...]:
    """What the options say of how the chat is to look, as `/set` takes it."""
    asked = {
        "verbose": options.verbose,
        "nowordwrap": options.nowordwrap,
        "nothoughts": options.hidethinking,
    }
    return tuple(word for word, is_asked in asked.items() if is_asked)


async def _card(client: Client, options: Namespace, services: Services) -> ModelCard | None:
    """What the server knows of the model, which it downloads first if need be."""
    try:
        return await client.show(options.model)
    except ModelNotFound:
        if client.kind == "openai":
            raise
        from tui.commands.fetching import fetch

        remark(_("{name} is not there yet: downloading it").format(name=options.model))
        pulled = await fetch([options.model], services, sys.stderr, insecure=options.insecure)
        return await client.show(options.model) if pulled else None


async def _prompt(words: list[str]) -> str:
    """What stands on stdin, then the words, as `ollama run` puts them together."""
    piped = b"" if sys.stdin is None or someone_there() else await all_of_it()
    return " ".join(filter(None, (piped.decode(errors="replace").strip(), " ".join(words))))


def _request(options: Namespace, prompt: str) -> ChatRequest:
    """What is asked of the server. Raises Wrong."""
    messages = [{"role": "system", "content": options.system}] if options.system else []
    return ChatRequest(
        model=options.model,
        messages=[*messages, {"role": "user", "content": prompt}],
        options=_parameters(options.option) or None,
        format=_format(options.format),
        think=_THINK[options.think] if options.think else None,
        keep_alive=_keep_alive(options.keepalive),
    )


def _parameters(pairs: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise Wrong(_("{pair} is no parameter; write num_ctx=8192").format(pair=pair))
        try:
            read = option(name).read([value])
        except OptionError as error:
            raise Wrong(str(error)) from error
        found[name] = [*found.get(name, ()), *read] if isinstance(read, list) else read
    return found


def _format(text: str) -> str | Schema | None:
    if text in ("", "json"):
        return text or None
    try:
        return schema_of(text)
    except FormatError as error:
        raise Wrong(str(error)) from error


def _keep_alive(text: str | None) -> str | int | None:
    """A number is told as one: servers refuse "300", but take 300. Raises Wrong."""
    try:
        return keep_alive(text) if text else None
    except ValueError as error:
        raise Wrong(_("{text} is no span of time; 30m and 2h are.").format(text=text)) from error
