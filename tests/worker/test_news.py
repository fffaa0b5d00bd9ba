"""What is new in the library, read from pages that promise nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from http_server import HttpServer, Reply, Request
from tui.api.errors import OllamaError, Unreachable
from tui.api.library_pages import models_of, tags_of
from tui.domain.places import Places
from tui.store.catalogue import Catalogue
from tui.store.writer import Writer
from tui.worker.news import News

LIBRARY = """<!doctype html><title>library</title><a href="/">Ollama</a> <ul>
<li class="flex"><a href="/library/brandnew" class="group">
  <div title="brandnew"><h2><span>brandnew</span></h2>
  <p>A model that thinks &amp; sees what nobody saw.</p></div>
  <div><span>vision</span><span>thinking</span><span>7b</span><span>8x22B</span><span>e4b</span></div>
  <p><span>1.5M</span><span>&nbsp;Pulls</span> <span>9</span> Tags Updated 2 days ago</p></a></li>
<li><a href="/library/all-minilm"><span>all-minilm</span><p>Finds texts that are alike.</p>
  <span>embedding</span><span>22m</span><span>33m</span><span>12,345</span> Pulls</a></li>
<li><a href="/library/farcloud"><span>farcloud</span><span>cloud</span></a></li></ul>
<a href="/blog">Blog</a><p>A footer with many words, 7b.</p>"""
TAGS = """<a href="/library/brandnew">brandnew</a><ul>
<li><a href="/library/brandnew:latest">brandnew:latest</a> a1b2c3d4e5f6 &bull; 4.9GB &bull; 128K
context window</li><li><a href="/library/brandnew:7b-q8_0">brandnew:7b-q8_0</a> 8.1GB 1M</li>
<li><a href="/library/brandnew:480b-cloud">brandnew:480b-cloud</a> -</li></ul>"""


class Pages(HttpServer):
    def __init__(self) -> None:
        super().__init__()
        self.pages = {"/library": LIBRARY, "/library/brandnew/tags": TAGS}
        self.asked: list[str] = []

    async def answer(self, request: Request, reply: Reply) -> None:
        self.asked.append(request.path)
        page = self.pages.get(request.path)
        await reply.send((page or "").encode(), "200 OK" if page else "404 Not Found", "text/html")


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    async with Pages() as pages:
        yield pages


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(Places.below(tmp_path), Writer(lambda _error: None))


def test_a_page_is_read_by_its_words() -> None:
    new, known, cloud = models_of(LIBRARY)
    assert (new.name, new.pulls) == ("brandnew", 1_500_000)
    assert new.description == "A model that thinks & sees what nobody saw."
    assert new.capabilities == ["thinking", "vision"]
    assert [tag.tag for tag in new.tags] == ["7b", "8x22b", "e4b"]
    assert (known.pulls, known.capabilities) == (12_345, ["embedding"])
    assert cloud.cloud_only
    latest, large, far = tags_of(TAGS, "brandnew")
    assert (latest.tag, latest.size_bytes, latest.context_length) == (
        "latest",
        4_900_000_000,
        131072,
    )
    assert (large.tag, large.context_length, large.approx) == ("7b-q8_0", 1024 * 1024, True)
    assert far.cloud


@pytest.mark.parametrize("page", ["", "<li", "no", "<a href=/library/>x</a>", "<a>" * 5000])
def test_a_page_of_another_form_has_no_models(page: str) -> None:
    assert models_of(page) == []
    assert tags_of(page, "x") == []


async def test_only_what_is_new_is_asked_for_by_itself(pages: Pages, catalogue: Catalogue) -> None:
    assert await News(catalogue, pages.url).fetch() == 2
    assert "/library/brandnew/tags" in pages.asked
    assert "/library/all-minilm/tags" not in pages.asked
    offers = {offer.name: offer for offer in catalogue.offers()}
    assert offers["brandnew:latest"].size == 4_900_000_000
    assert "brandnew:480b-cloud" not in offers
    assert await News(catalogue, pages.url).fetch() == 0


async def test_what_cannot_be_read_changes_nothing(pages: Pages, catalogue: Catalogue) -> None:
    before = catalogue.listed()
    pages.pages = {"/library": "<p>under construction"}
    with pytest.raises(OllamaError, match="has another form"):
        await News(catalogue, pages.url).fetch()
    pages.pages = {}
    with pytest.raises(Unreachable, match="404"):
        await News(catalogue, pages.url).fetch()
    with pytest.raises(Unreachable, match="cannot be read"):
        await News(catalogue, "http://127.0.0.1:1").fetch()
    assert catalogue.listed() == before
