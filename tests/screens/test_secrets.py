"""Whatever goes wrong, secrets stand in secrets.toml alone, and never on the screen."""

import base64
import logging
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from http_server import Reply, Request
from tui.domain.places import Places
from tui.store.log import keep_log
from user import User, chatting
from widget_host import shown

KEY, HEADER, PASSWORD, COMMANDED = "sk-secret/1", "header-secret-2", "pass word 3", "cmd-secret-4"
WORDS = (KEY, HEADER, PASSWORD, "pass%20word%203", COMMANDED)
SECRETS = (*WORDS, *(base64.b64encode(f"me:{word}".encode()).decode() for word in WORDS))


class Telltale(FakeOllama):
    """Repeats all headers that it was told, in every way in which a server can fail."""

    fails = ""

    async def answer(self, request: Request, reply: Reply) -> None:
        words = f"who is {dict(request.headers)}?"
        if self.fails == "at once":
            return await reply.json({"error": words}, "401 Unauthorized")
        if self.fails == "in plain text":
            return await reply.send(words.encode(), "500 Oops", "text/plain")
        if self.fails == "in the middle" and request.path in ("/api/chat", "/api/pull"):
            await reply.line({"message": {"role": "assistant", "content": "Well, "}, "status": "x"})
            await reply.line({"error": words})
            return await reply.end()
        return await super().answer(request, reply)


class Witness:
    """Sees all that somebody at the program could see."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.seen = ""

    async def __call__(self) -> None:
        await self.user.rest()
        self.seen += shown(self.user.app) + "\n".join(self.user.told)


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def configured(home: Path, box: FakeOllama, office: FakeOllama) -> None:
    config = Places.below(home).config
    config.mkdir(parents=True)
    (config / "config.toml").write_text(
        f'[hosts.box]\nurl = "{box.url}"\n'
        f'[hosts.office]\nurl = "{office.url}"\nuser = "me"\n'
        f'key = "command:echo {COMMANDED}"\n'
    )
    (config / "secrets.toml").write_text(
        f"[hosts.box]\nkey = '{KEY}'\n[hosts.box.headers]\nX-Key = '{HEADER}'\n"
    )
    (config / "secrets.toml").chmod(0o600)


async def fail_in_every_way(user: User, box: Telltale, office: Telltale, look: Witness) -> None:
    for way in ("at once", "in plain text", "in the middle", ""):
        box.fails = office.fails = way
        for name in ("box", "office"):
            user.worker.hosts.look(name)
            user.chats.action_host(name)
            user.chats.ask("Hi")
            await look()
        user.worker.pulls.add("llama3.2:1b", "box")
        await look()
    box.fails = "at once"
    await user.press("escape", "4", "D")
    await user.sees_soon("those of this host are refused (401)")
    await user.until(lambda: not user.sees("looking"))
    await look()
    await user.press("escape", "1", "enter")


async def export_all(user: User, folder: Path) -> None:
    for form in ("md", "json", "jsonl", "txt"):
        await user.chats.action_export(f"{form} {folder}/chat.{form}").wait()


async def add_with_a_password(user: User, port: int, look: Witness) -> None:
    await user.press("escape", "4", "a")
    await user.type(f"http://me:{PASSWORD.replace(' ', '%20')}@localhost:{port}")
    await user.press("enter")
    await user.sees_soon("New host")
    await look()
    await user.press("t")
    await look()
    await user.press("s")
    await user.until(lambda: "localhost" in user.worker.hosts.names())
    await look()


async def test_nothing_that_is_written_or_shown_has_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, exports = tmp_path / "home", tmp_path / "exports"
    exports.mkdir()
    monkeypatch.setattr("tui.worker.mending._near", lambda _address: iter(()))
    # Loading llama.cpp takes seconds, and has no secrets.
    monkeypatch.setattr("tui.worker.engine.EmbeddedEngine.missing", lambda _engine: "not there")
    handlers = {name: [*logging.getLogger(name).handlers] for name in ("tui", "asyncio")}
    keep_log(Places.below(home))
    async with Telltale() as box, Telltale() as office, Telltale() as third:
        third.fails = "at once"
        configured(home, box, office)
        async with chatting(home, {"box": box.url, "office": office.url}) as user:
            look = Witness(user)
            await fail_in_every_way(user, box, office, look)
            await export_all(user, exports)
            await add_with_a_password(user, third.port, look)
            await user.rest()
            logging.getLogger("tui").error("the log works")
        sent = " ".join(str(each) for server in (box, office) for each in server.headers)
    for name, before in handlers.items():
        logger = logging.getLogger(name)
        for handler in {*logger.handlers} - {*before}:
            handler.close()
            logger.removeHandler(handler)
    assert {KEY, HEADER} <= {word for word in WORDS if word in sent}  # they did go out
    assert leaks(look.seen) == []
    assert "***" in look.seen
    written = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*") if path.is_file()}
    assert {"chat.md", "chat.json", "chat.jsonl", "chat.txt", "ollama-tui.log"} <= {
        path.name for path in written
    }
    for short, path in written.items():
        if short.name != "secrets.toml":
            text = path.read_bytes().decode(errors="replace")
            allowed = [COMMANDED] if short.name == "config.toml" else []
            assert [word for word in leaks(text) if word not in allowed] == [], short
    assert PASSWORD in (home / "config" / "secrets.toml").read_text()
