"""Words that would do something if a page took them for more than words, and who sees it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

from playwright.sync_api import BrowserContext, Dialog, Page, Request

MARKUP = (
    "<script>pwned()</script>",
    "<img src=x onerror=pwned()>",
    '"><svg onload=pwned()>',
    "'><svg/onload=pwned()>",
    "<svg><script>pwned()</script></svg>",
    '<svg><a xlink:href="javascript:pwned()"><text>evil</text></a></svg>',
    '<iframe srcdoc="<script>parent.pwned()</script>"></iframe>',
    "<details open ontoggle=pwned()>",
    "<style onload=pwned()></style>",
    "<link rel=stylesheet href=//evil.invalid/a.css>",
    "<img src=//evil.invalid/a.png>",
    '<a href="javascript:pwned()">evil</a>',
    "</script><script>pwned()</script>",
    "</title></style></textarea><script>pwned()</script>",
    "<math><style><!--</style><img title='--&gt;&lt;img src=x onerror=pwned()&gt;'>",
    "&lt;img src=x onerror=pwned()&gt;",
    "%3Cimg src=x onerror=pwned()%3E",
)
MARKDOWN = (
    "[evil](javascript:pwned())",
    "![evil](http://evil.invalid/b.png)",
    "$\\href{javascript:pwned()}{evil}$",
    "$$\\includegraphics{http://evil.invalid/c.png}$$",
    ":red[evil] :blue-badge[evil] :material/bomb:",
    "**evil** _evil_ `evil` ~~evil~~",
)
QUOTES = (
    'x" URL="javascript:pwned()',
    'x"]; evil [label=<<IMG SRC="http://evil.invalid/d.png"/>>]; y [label="',
    "');pwned();//",
    '");pwned();//',
    "`+pwned()+`",
    "${pwned()} {{constructor.constructor('pwned()')()}}",
    "javascript:pwned()",
)
PAYLOADS = (*MARKUP, *MARKDOWN, *QUOTES)

EVIL_PARTS = """
() => {
  const found = [];
  const seen = (root) => {
    for (const element of root.querySelectorAll("*")) {
      const where = element.outerHTML.slice(0, 160);
      for (const { name, value } of element.attributes) {
        const local = name.toLowerCase();
        if (/^on[a-z]+$/.test(local)) found.push(`a handler: ${where}`);
        const isAddress = /^(xlink:)?href$|^src$|^action$|^formaction$|^data$/.test(local);
        // A web address in a sentence may become a link to where it says; nothing else may.
        const isBad = /^\\s*javascript:|^data:text\\/html/i.test(value);
        if (isAddress && (isBad || (local !== "href" && value.includes("evil"))))
          found.push(`an address: ${where}`);
        if (local === "srcdoc") found.push(`a page in the page: ${where}`);
      }
      const words = element.textContent.trim();
      const styled = ["A", "B", "STRONG", "EM", "I", "DEL", "S", "CODE", "IMG", "MARK"];
      if (styled.includes(element.tagName) && words === "evil") found.push(`markup: ${where}`);
      if (element.matches("script, link") && element.outerHTML.includes("evil"))
        found.push(`a script or a style: ${where}`);
      if (element.matches("script") && words.includes("pwned")) found.push(`a script: ${where}`);
      if (element.matches(".katex, math")) found.push(`a formula: ${where}`);
      if (element.matches('[data-testid="stIconMaterial"]') && words === "bomb")
        found.push(`an icon: ${where}`);
      if (element.matches(".stMarkdownColoredText, .stMarkdownBadge") && words.includes("evil"))
        found.push(`paint: ${where}`);
      if (element.shadowRoot) seen(element.shadowRoot);
    }
  };
  seen(document);
  return found;
}
"""
"""What of a page, shadow trees too, is more than words although somebody typed it."""


TEXTS = ("layer", "config", "shared")
"""The parameters of a Keras layer that take words."""


@dataclass
class Watch:
    """What pages did with words that they should only show."""

    context: BrowserContext
    found: list[str] = field(default_factory=list)
    where: str = "the first page"
    looks: int = 0

    def __post_init__(self) -> None:
        self.context.expose_function("pwned", lambda: self._found("ran a script"))
        self.context.on("dialog", self._dialog)
        self.context.on("request", self._request)

    def look(self, page: Page, where: str) -> None:
        """Look at a page as it is now, and at the next ones as at this place."""
        self.where = where
        self.looks += 1
        for part in page.evaluate(EVIL_PARTS):
            self._found(f"shows {part}")

    def _found(self, what: str) -> None:
        self.found.append(f"{self.where} {what}")

    def _dialog(self, dialog: Dialog) -> None:
        self._found("opened a dialog")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        address = urlparse(request.url)
        if address.scheme.startswith("http") and address.hostname != "127.0.0.1":
            self._found(f"asked for {request.url[:100]}")


def cut(payloads: Iterable[str], most: int) -> list[str]:
    """Return the payloads that a field of so many characters takes whole."""
    return [payload for payload in payloads if len(payload) <= most]


def chain(payloads: Iterable[str]) -> dict[str, Any]:
    """Return a design as a document, with a payload in every text that a design has.

    For each payload a row of blocks: a convolution whose layer is called so and an own block, and
    beside them an own block with an inner name of it, a block of that name, one of an unknown
    type, one of an unknown layer; and a note.
    """
    nodes: list[dict[str, Any]] = [{"id": "photo", "name": "photo", "block": "Image"}]
    links, definitions, notes, last = [], {}, {}, "photo"
    for number, text in enumerate(payloads):
        row: list[dict[str, Any]] = [
            {"id": f"stem{number}", "block": "Conv", "layer_names": {"": text}},
            {"id": f"own{number}", "block": f"own:mine{number}"},
            {"id": f"rude{number}", "block": f"own:rude{number}"},
            {"id": f"named{number}", "block": "Conv", "name": text},
            {"id": f"odd{number}", "block": text, "params": {text: text}},
            {"id": f"layer{number}", "block": "KerasLayer", "params": dict.fromkeys(TEXTS, text)},
        ]
        for place, node in enumerate(row):
            nodes.append({"name": node["id"], "note": text, "x": 320 * place, "y": 200 * number})
            nodes[-1] |= node
            links.append({"source": last, "target": node["id"]})
            last = row[min(place, 1)]["id"]
        definitions[f"mine{number}"] = _own(text, "inner")
        definitions[f"rude{number}"] = _own(text, text)
        size = {"width": 200, "height": 100}
        notes[f"note{number}"] = {"text": text, "x": -320, "y": 200 * number, **size}
    return {
        "format": "blockwright",
        "version": 1,
        "name": next(iter(payloads)),
        "nodes": nodes,
        "links": links,
        "definitions": definitions,
        "notes": notes,
    }


def _own(text: str, inner: str) -> dict[str, Any]:
    """Return the definition of an own block whose every text is a payload."""
    return {
        "title": text,
        "summary": text,
        "nodes": [{"id": "inner", "name": inner, "block": "Conv", "note": text}],
        "links": [],
        "inputs": [{"name": "in", "targets": [{"node": "inner"}]}],
        "outputs": [{"name": "out", "node": "inner"}],
        "params": [
            {
                "name": "filters",
                "targets": [{"node": "inner", "param": "filters"}],
                "help": text,
                "label": text,
            }
        ],
    }
