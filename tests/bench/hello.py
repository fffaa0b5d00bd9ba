"""The floor that start-up is measured against: the smallest useful Textual app."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Input


class Hello(App[None]):
    def compose(self) -> ComposeResult:
        yield Header()
        yield Input(placeholder="type here")
        yield Footer()


if __name__ == "__main__":
    Hello().run()
