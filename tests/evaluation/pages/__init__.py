"""Pages of our own invention to measure the cleaner on: ``stories/*.yaml`` poured into ``templates/*.html``, zones labelled as they are printed.

A template prints every piece of text through ``body``, ``headline`` or ``junk``; what it printed as what is the gold. The stories are invented,
and so are the publishers; agencies are named because their credits are what is measured. ``python -m pages DIR`` writes the pages out to look at.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One page and what is true of it. ``zones``: (kind, plain text) in page order; kinds: headline, body, or what must not be text."""

    name: str
    template: str
    url: str
    html: bytes
    zones: tuple[tuple[str, str], ...]
    story: dict[str, Any] = field(hash=False)

    def texts(self, *kinds: str) -> list[str]:
        return [text for kind, text in self.zones if kind in kinds]

    @property
    def junk(self) -> list[str]:
        return [text for kind, text in self.zones if kind not in ("headline", "body")]

    @property
    def published(self) -> datetime | None:
        written = self.story.get("published")
        return datetime.fromisoformat(written) if written else None


class Labels:
    """What a template prints, by zone."""

    def __init__(self) -> None:
        self.zones: list[tuple[str, str]] = []

    def note(self, kind: str, markup: str) -> Markup:
        """Print ``markup`` (text with simple inline tags), and remember it as ``kind``."""
        self.zones.append((kind, plain(markup)))
        return Markup(markup)

    def body(self, markup: str) -> Markup:
        return self.note("body", markup)

    def headline(self, markup: str) -> Markup:
        return self.note("headline", markup)

    def junk(self, markup: str, kind: str = "boilerplate") -> Markup:
        return self.note(kind, markup)

    def lead(self, story: dict[str, Any], markup: str) -> Markup:
        """The first paragraph, with the dateline before it where the story has one."""
        dateline = self.note("dateline", story["dateline"]) if story.get("dateline") else ""
        return Markup(f"{dateline}{self.body(markup)}")


def plain(markup: str) -> str:
    """The words of a piece of markup, white space folded."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


DEFAULTS = {
    "dateline": "",
    "byline": "",
    "agency": "",
    "endline": "",
    "captions": [],
    "related": [],
    "blocked": "",
    "canonical": "",
}


def stories() -> list[dict[str, Any]]:
    """Every story, with the name of its template (the file's) and the defaults filled in."""
    found = []
    for path in sorted((HERE / "stories").glob("*.yaml")):
        for number, story in enumerate(yaml.safe_load(path.read_text("utf-8")), start=1):
            found.append({"template": path.stem, "name": f"{path.stem}-{number}", **DEFAULTS, **story})
    return found


def cases() -> list[Case]:
    """All pages, rendered."""
    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=False, trim_blocks=True, lstrip_blocks=True)
    return [_render(environment, story) for story in stories()]


def _render(environment: Environment, story: dict[str, Any]) -> Case:
    labels = Labels()
    template = environment.get_template(f"{story['template']}.html")
    page = template.render(s=story, body=labels.body, headline=labels.headline, junk=labels.junk, lead=labels.lead, plain=plain)
    encoded = page.encode(story.get("charset", "utf-8"), "xmlcharrefreplace")
    return Case(story["name"], story["template"], story["url"], encoded, tuple(labels.zones), story)
