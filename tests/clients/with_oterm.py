"""oterm, unmodified: `with_oterm.py` asks the engine at OLLAMA_URL a question on its own screen."""

import asyncio
import time

from oterm.app.oterm import OTerm
from oterm.config import appConfig
from oterm.store.store import Store
from oterm.types import ChatModel

_SECONDS = 60


async def main() -> None:
    """Type a question, and wait until the answer is in its store."""
    appConfig.set("splash-screen", False)
    store = await Store.get_store()
    chat = ChatModel(name="chat", model="tiny", parameters={"max_tokens": 8, "temperature": 0})
    chat_id = await store.save_chat(chat)
    app = OTerm()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        app.query_one("#promptArea").focus()
        await pilot.press(*"Hello", "enter")
        deadline = time.monotonic() + _SECONDS
        while len(await store.get_messages(chat_id)) < 2:
            assert time.monotonic() < deadline, "no answer came"
            await pilot.pause(0.05)
        question, answer = await store.get_messages(chat_id)
        assert (question.text, answer.role) == ("Hello", "assistant")
        assert answer.text, "the answer is empty"
        while "ctx" not in _shown(app):
            assert time.monotonic() < deadline, "the context's size is not shown"
            await pilot.pause(0.05)


def _shown(app: OTerm) -> str:
    """Everything on the screen."""
    return "\n".join(
        "".join(part.text for part in row) for row in app.screen._compositor.render_strips()
    )


if __name__ == "__main__":
    asyncio.run(main())
