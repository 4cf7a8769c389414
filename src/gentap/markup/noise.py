"""What a page holds beside its text: menus, notices, hidden elements."""

from __future__ import annotations

import re
from collections.abc import Reversible

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gentap.markup.page import Reason

# A table in several of these counts for the first one.
_NOISE: tuple[tuple[Reason, str], ...] = (
    (
        "contents",
        ".toc, #toc, .toclimit-2, .toclimit-3, .toclimit-4",
    ),
    (
        "navigation",
        """nav, footer, aside, [role=navigation], .navbox, .vertical-navbox, .navbar, .sidebar,
        .succession-box, .catlinks, .portal, .sistersitebox""",
    ),
    ("infobox", ":not(table).infobox"),
    ("notice", ".metadata, .ambox, .mbox-small, .hatnote, .dablink, .rellink, .seealso"),
    (
        "hidden",
        """script, style, noscript, template, svg, iframe, object, select, textarea, button, xmp,
        figcaption, annotation, rp, rt, [hidden], .noprint, .sortkey, sup.reference,
        .mw-editsection, .editsection, .thumb, .gallery, .reflist, .references,
        .references-small, .refbegin, .persondata, .geo-nondefault, .geo-multi-punct,
        .Inline-Template, .Template-Fact, span.error, strong.error""",
    ),
)
_STYLED = "[style*=display i], [style*=visibility i]"
# Text that readers open with a click is text.
_FOLDED = re.compile(r"\b(?:NavContent|mw-collapsible-content)\b")
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def remove_noise(tree: LexborHTMLParser) -> list[Reason]:
    """Remove what is no part of a page's text.

    Returns:
        For every table that went with it, the reason.
    """
    reasons: list[Reason] = []
    left = len(tree.css("table"))
    for reason, selector in _NOISE:
        _destroy(tree.css(selector))
        if reason == "hidden":
            _destroy([node for node in tree.css(_STYLED) if _is_invisible(node)])
            _destroy_figures(tree)
        before, left = left, len(tree.css("table"))
        reasons += [reason] * (before - left)
    return reasons


def _is_invisible(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(_INVISIBLE.search(attributes["style"] or "")) and not _FOLDED.search(
        attributes.get("class") or ""
    )


def _destroy_figures(tree: LexborHTMLParser) -> None:
    """Destroy figures without a table; not by a selector, which would search nested ones anew."""
    for node in reversed(tree.css("figure")):
        if not node.css_first("table"):
            node.decompose()


def _destroy(nodes: Reversible[LexborNode]) -> None:
    """Destroy nodes, given in document order, last first: a node takes with it what it holds."""
    for node in reversed(nodes):
        if node.tag not in ("html", "body"):
            node.decompose()
