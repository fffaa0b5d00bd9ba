"""The plain way to stream in Textual: one Markdown widget an answer, fed by MarkdownStream."""

import json
import sys

import httpx
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Footer, Input, Markdown


class MarkdownChat(App[None]):
    """Asks the server whose address it is given."""

    def compose(self) -> ComposeResult:
        yield VerticalScroll()
        yield Input(placeholder="Ask something")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.input.clear()
        self.run_worker(self._ask(event.value))

    async def _ask(self, text: str) -> None:
        page = self.query_one(VerticalScroll)
        answer = Markdown()
        await page.mount(answer)
        page.anchor()
        stream = Markdown.get_stream(answer)
        body = {"model": "llama3.2:3b", "messages": [{"role": "user", "content": text}]}
        async with (
            httpx.AsyncClient(timeout=None) as client,
            client.stream("POST", f"{sys.argv[1]}/api/chat", json=body) as response,
        ):
            async for line in response.aiter_lines():
                await stream.write(json.loads(line)["message"]["content"])
        await stream.stop()


if __name__ == "__main__":
    MarkdownChat().run()
