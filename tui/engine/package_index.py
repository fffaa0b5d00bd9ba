"""The user's own package index: which it is, and where on it a file is."""

import asyncio
import json
import os
import re
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from tui.domain.places import home_path

_ACCEPT = (
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, "
    "text/html;q=0.1"
)
_ENVIRONMENT = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
_SEVERAL = ("UV_INDEX", "UV_EXTRA_INDEX_URL", "PIP_EXTRA_INDEX_URL")
_SECTIONS = ("global", "install", "download", ":env:")
"""The sections of pip's settings that hold for a download, the strongest last."""


class IndexTrouble(Exception):
    """The file cannot be had from the index in this way; another way may do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user told pip or uv."""

    urls: tuple[str, ...]
    certificates: str = ""


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file on an index."""

    name: str
    url: str
    sha256: str = ""
    """Empty where the index does not tell."""


def tls(settings: Settings) -> ssl.SSLContext:
    """The certificates to trust: pip's, where the user gave it some. Raises IndexTrouble."""
    if not settings.certificates:
        return httpx.create_ssl_context()
    path = home_path(settings.certificates)
    try:
        if path.is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except OSError as error:
        raise IndexTrouble(f"{path}: {error.strerror or error}") from error


async def settings() -> Settings:
    """Read the environment and pip's own settings; pip's default index where neither names one."""
    told = await _pip_settings()
    first = next((os.environ[key] for key in _ENVIRONMENT if os.environ.get(key)), "")
    main = first or told.get("index-url") or _default()
    more = [os.environ.get(key, "") for key in _SEVERAL] + [told.get("extra-index-url", "")]
    urls = [main, *" ".join(more).split()]
    usable = [url.rstrip("/") for url in urls if url.startswith(("http://", "https://"))]
    certificates = os.environ.get("PIP_CERT") or told.get("cert", "")
    return Settings(tuple(dict.fromkeys(usable)), certificates)


async def _pip_settings() -> dict[str, str]:
    """`pip config list`, which knows every file and variable that pip reads."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "pip", "config", "list",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    out, _err = await process.communicate()
    rows = [line.partition("=") for line in out.decode(errors="replace").splitlines()]
    found: dict[str, str] = {}
    for section in _SECTIONS:
        for name, _equals, value in rows:
            if name.startswith(f"{section}."):
                found[name.removeprefix(f"{section}.")] = value.strip("'\"").replace("\\n", " ")
    return found


def _default() -> str:
    """The index that pip uses unless told otherwise."""
    try:
        from pip._internal.models.index import PyPI
    except ImportError:
        return ""
    return PyPI.simple_url


async def find(
    http: httpx.AsyncClient, urls: tuple[str, ...], project: str, name: str
) -> IndexFile:
    """The file called `name` of a project. Raises IndexTrouble."""
    trouble = "no package index is configured"
    for base in urls:
        page = f"{base}/{re.sub(r'[-_.]+', '-', project).lower()}/"
        try:
            response = await http.get(page, headers={"accept": _ACCEPT})
            response.raise_for_status()
            files = list(_files(response))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # An index's address may hold a password: only its host is told.
            trouble = f"{urlsplit(page).hostname}: {type(error).__name__}"
            continue
        for file in files:
            if file.name == name:
                return file
        trouble = f"{urlsplit(page).hostname} does not have {name}"
    raise IndexTrouble(trouble)


def _files(response: httpx.Response) -> Iterator[IndexFile]:
    base = str(response.url)
    if "json" in response.headers.get("content-type", ""):
        for each in json.loads(response.content).get("files", []):
            sha256 = (each.get("hashes") or {}).get("sha256", "")
            yield IndexFile(each["filename"], urljoin(base, each["url"]), sha256)
        return
    page = _Page()
    page.feed(response.text)
    for href in page.links:
        address, _hash, fragment = href.partition("#")
        url = urljoin(base, address)
        sha256 = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else ""
        yield IndexFile(unquote(urlsplit(url).path.rpartition("/")[2]), url, sha256)


class _Page(HTMLParser):
    """An index's page in HTML, where it does not speak JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (href := dict(attrs).get("href")):
            self.links.append(href)
