"""The Archive port, in memory."""

from collections.abc import Mapping

from bot.ports import Unavailable


class MemoryArchive:
    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.written: list[str] = []
        self.broken = False

    async def kept(self) -> Mapping[str, str]:
        return {i: text.rstrip("\n").rpartition("\n")[2] for i, text in self.texts.items()}

    async def keep(self, incident: str, text: str) -> None:
        if self.broken:
            raise Unavailable("the disk is full")
        self.texts[incident] = text
        self.written.append(incident)
