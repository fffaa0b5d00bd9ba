"""Pages on which all hosts are seen."""

from tui.screens.page import Page


class Overseeing(Page):
    """All hosts are asked often while such a page is looked at, and at once when it comes."""

    def on_screen_resume(self) -> None:
        hosts = self.worker.hosts
        hosts.attention.everything = True
        for name in hosts.names():
            hosts.look(name, models=False)

    def on_screen_suspend(self) -> None:
        # The page that comes may be another of these, and have been told so already.
        self.worker.hosts.attention.everything = isinstance(self.app.screen, Overseeing)
