"""The Markdown of canvases: its sections, and what Slack does not take."""

import re
from collections.abc import Iterable, Iterator

LARGEST = 1024 * 1024
MOST_CELLS = 300
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
ITEM = re.compile(r"([ \t]*)([-+*]|\d+[.)])[ \t]+(.*)")
QUOTE = re.compile(r"[ \t]*>[ \t]?(.*)")
RULE = re.compile(r"[\s|:-]+")


def split(markdown: str) -> list[str]:
    """Return the pieces of a text that are sections of their own, in order."""
    pieces: list[list[str]] = [[]]
    for line, is_code in _lines(markdown):
        if not is_code and (HEADING.match(line) or not line.strip()):
            pieces += [[line], []] if line.strip() else [[]]
        else:
            pieces[-1].append(line)
    return ["\n".join(piece) for piece in pieces if piece]


def level(markdown: str) -> str:
    """Return h1, h2 or h3 if the section is such a heading, else nothing."""
    heading = HEADING.match(markdown)
    return f"h{len(heading[1])}" if heading else ""


def complaint(markdown: str) -> str:
    """Return why Slack's canvases would not take the text, nothing if they would."""
    lists: list[tuple[int, bool]] = []
    for line, is_code in _lines(markdown):
        if is_code:
            continue
        heading, quote, item = HEADING.match(line), QUOTE.match(line), ITEM.match(line)
        if heading and len(heading[1]) > len("###"):
            return f"Unsupported heading depth (depth: {len(heading[1])})"
        if quote and (ITEM.match(quote[1]) or QUOTE.match(quote[1])):
            return "Unsupported nested element in a block quote"
        if (quote and lists and line[:1].isspace()) or (item and QUOTE.match(item[3])):
            return "Unsupported block quote in a list"
        if item:
            words = _mixed(lists, len(item[1]), is_ordered=item[2][0].isdecimal())
            if words:
                return words
        elif line.strip() and not line[0].isspace():
            lists.clear()
    return _too_many_cells(line for line, is_code in _lines(markdown) if not is_code)


def _mixed(lists: list[tuple[int, bool]], indent: int, *, is_ordered: bool) -> str:
    while lists and lists[-1][0] >= indent:
        lists.pop()
    if lists and lists[-1][1] is not is_ordered:
        return "Unsupported list nested in a list of another kind"
    lists.append((indent, is_ordered))
    return ""


def _too_many_cells(lines: Iterable[str]) -> str:
    cells = 0
    for line in (*lines, ""):
        text = line.strip()
        if not text.startswith("|"):
            cells = 0
        elif not RULE.fullmatch(text):
            cells += len(re.split(r"(?<!\\)\|", text.strip("|")))
        if cells > MOST_CELLS:
            return f"A table has more than {MOST_CELLS} cells"
    return ""


def _lines(markdown: str) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it is code or one of its fences."""
    fence = ""
    for line in markdown.split("\n"):
        found = FENCE.match(line)
        if fence:
            yield line, True
            if found and found[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        else:
            fence = found[1] if found else ""
            yield line, found is not None
