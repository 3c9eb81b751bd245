"""What a person typed, as Slack keeps it and as it tells a slash command.

Slack's client turns `@ana`, `#incidents`, `@here` and addresses into `<…>` as they are typed,
and escapes everything else. A script has no client: it may write `<@U…>`, `<#C…>` and
`<!subteam^S…>` itself, which stay if they name something. A typed `<!channel>` is only text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sandbox.viewing import sees
from sandbox.workspace import Workspace

BROADCASTS = {"here", "channel", "everyone"}
PIECES = re.compile(
    r"(?P<code>```.*?```|`[^`\n]+`)"
    r"|<@(?P<user>\w+)(?:\|[^<>]*)?>"
    r"|<#(?P<channel>\w+)(?:\|[^<>]*)?>"
    r"|<!subteam\^(?P<group>\w+)(?:\|[^<>]*)?>"
    r"|<(?P<link>(?:https?://|mailto:)[^<>|\s]+)(?P<label>\|[^<>]+)?>"
    r"|(?P<bare>https?://[^\s<>]*[^\s<>.,;:!?)'\"])"
    r"|(?<![\w@.])@(?P<name>\w(?:[\w.-]*\w)?)"
    r"|(?<![\w&#/])#(?P<place>\w(?:[\w-]*\w)?)",
    re.DOTALL,
)

Written: TypeAlias = Callable[[str, str], str]  # Slack's sign and the name behind it, as told


@dataclass(frozen=True, slots=True)
class Typed:
    """Something that a person typed."""

    workspace: Workspace
    user: str
    text: str

    def kept(self) -> str:
        """Return it as messages carry it."""
        return self._translated(lambda sign, _name: sign)

    def for_command(self, *, should_escape: bool) -> str:
        """Return it as a slash command is told, with names beside ids or instead of them."""
        if should_escape:
            return self._translated(_with_name)
        return self._translated(lambda _sign, name: name)

    def _translated(self, written: Written) -> str:
        parts, end = [], 0
        for found in PIECES.finditer(self.text):
            parts += [escaped(self.text[end : found.start()]), self._piece(found, written)]
            end = found.end()
        return "".join([*parts, escaped(self.text[end:])])

    def _piece(self, found: re.Match[str], written: Written) -> str:
        kind, value = found.lastgroup, found[found.lastgroup or 0]
        match kind:
            case "user" | "channel" | "group":
                sign, name = self._named(kind, value)
            case "name":
                sign, name = self._by_name(value)
            case "place":
                sign, name = self._by_place(value)
            case "link" | "label":
                sign, name = f"<{escaped(found[0][1:-1])}>", escaped(found["link"])
            case "bare":
                sign, name = f"<{escaped(value)}>", escaped(value)
            case _:
                sign, name = "", ""
        return written(sign, name) if sign else escaped(found[0])

    def _named(self, kind: str, value: str) -> tuple[str, str]:
        space = self.workspace
        if kind == "user" and value in space.people:
            return f"<@{value}>", f"@{space.people[value].name}"
        if kind == "channel" and value in space.channels:
            channel = space.channels[value]
            if sees(space, self.user, channel):
                return f"<#{value}|{channel.name}>", f"#{channel.name}"
        if kind == "group" and value in space.groups:
            return f"<!subteam^{value}>", f"@{space.groups[value].handle}"
        return "", ""

    def _by_name(self, name: str) -> tuple[str, str]:
        if name in BROADCASTS:
            return f"<!{name}>", f"@{name}"
        for person in self.workspace.people.values():
            if person.name == name:
                return self._named("user", person.id)
        for group in self.workspace.groups.values():
            if group.handle == name and not group.is_disabled:
                return self._named("group", group.id)
        return "", ""

    def _by_place(self, name: str) -> tuple[str, str]:
        for channel in self.workspace.channels.values():
            if channel.name == name and (told := self._named("channel", channel.id))[0]:
                return told
        return "", ""


def _with_name(sign: str, name: str) -> str:
    with_name = sign.startswith(("<@", "<!subteam"))
    return (
        f"{sign[:-1]}|{name.removeprefix('@') if sign[1] == '@' else name}>" if with_name else sign
    )


def escaped(text: str) -> str:
    """Return text with the three signs that mean something to Slack written out."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
