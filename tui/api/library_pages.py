"""What the web pages of Ollama's library say, by their words: nobody promises their form."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from tui.domain.listed import Listed, Tag

_ABILITIES = {"tools", "vision", "thinking", "embedding", "audio", "insert"}
_PLACE = re.compile(r"/library/([\w.-]+)(?::([\w.-]+))?/?")
_PARAMETERS = re.compile(r"e?\d+(x\d+)?(\.\d+)?[bm]", re.IGNORECASE)
_PULLS = re.compile(r"([\d.,]+)\s*([KMB]?)\s+Pulls\b", re.IGNORECASE)
_SIZE = re.compile(r"([\d.]+)\s*([KMGT])B\b")
_CONTEXT = re.compile(r"\b(\d+)([KM])\b")
_STEPS = {"": 1, "K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9, "T": 1e12}
_A_SENTENCE = 20
"""Letters from which a text with spaces describes something."""


class _Page(HTMLParser):
    """The texts of a page, each under the model that the last link before it leads to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[tuple[str, str], list[str]] = {}
        self._here: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            found = _PLACE.fullmatch(dict(attrs).get("href") or "")
            self._here = self.texts.setdefault((found[1], found[2] or ""), []) if found else []

    def handle_data(self, data: str) -> None:
        if text := " ".join(data.split()):
            self._here.append(text)


def models_of(html: str) -> list[Listed]:
    """The models that a page lists; none where it has another form."""
    return [_model(name, texts) for (name, tag), texts in _texts(html) if not tag]


def tags_of(html: str, name: str) -> list[Tag]:
    """The variants of a model that its page of tags lists."""
    return [_tag(tag, " ".join(texts)) for (model, tag), texts in _texts(html)
            if model == name and tag]  # fmt: skip


def _texts(html: str) -> Iterable[tuple[tuple[str, str], list[str]]]:
    page = _Page()
    page.feed(html)
    return page.texts.items()


def _model(name: str, texts: list[str]) -> Listed:
    words = {text.lower() for text in texts}
    sentences = [text for text in texts if len(text) > _A_SENTENCE and " " in text]
    pulls = _PULLS.search(" ".join(texts))
    counted = f"{pulls[1]}{pulls[2]}" if pulls else ""
    sizes = [text.lower() for text in texts if _PARAMETERS.fullmatch(text) and text != counted]
    return Listed(
        name=name,
        description=sentences[0] if sentences else "",
        capabilities=sorted(words & _ABILITIES),
        tags=[Tag(tag=size, parameters=size.upper()) for size in dict.fromkeys(sizes)],
        pulls=_number(pulls[1].replace(",", ""), pulls[2]) if pulls else None,
        cloud_only="cloud" in words and not sizes,
    )


def _tag(tag: str, text: str) -> Tag:
    size, context = _SIZE.search(text), _CONTEXT.search(text)
    steps = {"K": 1024, "M": 1024 * 1024}
    return Tag(
        tag=tag,
        size_bytes=_number(size[1], size[2]) if size else None,
        approx=True,
        context_length=int(context[1]) * steps[context[2]] if context else None,
        cloud="cloud" in tag.split("-"),
    )


def _number(digits: str, unit: str) -> int | None:
    try:
        return int(float(digits) * _STEPS[unit.upper()])
    except ValueError:
        return None
