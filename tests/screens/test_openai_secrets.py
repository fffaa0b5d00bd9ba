"""However a server of OpenAI's API fails, whatever it repeats: no secret is shown or written."""

from pathlib import Path

import pytest

from fake_openai import MODEL, FakeOpenAI
from http_server import Reply, Request
from tui.domain.places import Places
from user import User, chatting
from widget_host import shown

KEY, HEADER = "sk-secret/1", "header-secret-2"
WAYS = ("error", "detail", "message", "plain", "event", "mid", "")


class Telltale(FakeOpenAI):
    """Repeats all headers that it was told, in every way in which a server can fail."""

    fails = ""

    async def on_v1_chat_completions(self, request: Request, reply: Reply) -> None:
        words = f"who is {dict(request.headers)}?"
        refusals: dict[str, tuple[int, object]] = {
            "error": (400, {"error": {"message": words}}),
            "detail": (422, {"detail": [{"loc": ["x"], "msg": words}]}),
            "message": (500, {"object": "error", "message": words}),
            "plain": (500, words),
        }
        if self.fails in refusals:
            await self._refuse(reply, *refusals[self.fails])
        elif self.fails == "event":
            await reply.chunk(f"data: {words}\n\n".encode(), "text/event-stream")
            await reply.end()
        elif self.fails == "mid":
            await reply.line({"choices": [{"delta": {"content": "Well, "}}]})
            await reply.line({"error": {"message": words}})
            await reply.end()
        else:
            await super().on_v1_chat_completions(request, reply)


def configured(home: Path, server: FakeOpenAI) -> None:
    config = Places.below(home).config
    config.mkdir(parents=True)
    (config / "config.toml").write_text(f'[hosts.cluster]\nurl = "{server.url}/v1"\n')
    (config / "secrets.toml").write_text(
        f"[hosts.cluster]\nkey = '{KEY}'\n[hosts.cluster.headers]\nX-Key = '{HEADER}'\n"
    )
    (config / "secrets.toml").chmod(0o600)


async def ask_in_every_way(user: User, server: Telltale) -> str:
    seen = ""
    for way in WAYS:
        server.fails = way
        user.chats.ask(f"Hi {way}")
        await user.rest()
        seen += shown(user.app) + "\n".join(user.told) + user.last.error
    await user.press("escape", "4", "D")
    await user.sees_soon("OpenAI API")
    await user.until(lambda: not user.sees("looking"))
    return seen + shown(user.app)


async def test_nothing_that_is_written_or_shown_has_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.worker.engine.EmbeddedEngine.missing", lambda _engine: "not there")
    async with Telltale(key=KEY) as server:
        configured(tmp_path, server)
        async with chatting(tmp_path, {"cluster": f"{server.url}/v1"}, size=(120, 40)) as user:
            assert user.chats.model == MODEL
            seen = await ask_in_every_way(user, server)
        sent = {(each.get("authorization"), each.get("x-key")) for each in server.headers}
    assert sent == {(f"Bearer {KEY}", HEADER)}
    assert "***" in seen
    for secret in (KEY, HEADER):
        assert secret not in seen
        for path in tmp_path.rglob("*"):
            if path.is_file() and path.name != "secrets.toml":
                assert secret not in path.read_bytes().decode(errors="replace"), path
