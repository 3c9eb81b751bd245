"""What kind of file a name or a snippet's type stands for."""

from pathlib import PurePosixPath
from typing import NamedTuple


class FileKind(NamedTuple):
    """Slack's name for a kind of file, and its content type."""

    filetype: str
    mimetype: str


UNKNOWN = FileKind("binary", "application/octet-stream")
PICTURES = {
    "gif": FileKind("gif", "image/gif"),
    "jpeg": FileKind("jpg", "image/jpeg"),
    "jpg": FileKind("jpg", "image/jpeg"),
    "png": FileKind("png", "image/png"),
    "svg": FileKind("svg", "image/svg+xml"),
    "webp": FileKind("webp", "image/webp"),
}
TEXTS = {
    "css": FileKind("css", "text/css"),
    "csv": FileKind("csv", "text/csv"),
    "diff": FileKind("diff", "text/x-diff"),
    "go": FileKind("go", "text/x-go"),
    "html": FileKind("html", "text/html"),
    "java": FileKind("java", "text/x-java"),
    "js": FileKind("javascript", "text/javascript"),
    "json": FileKind("json", "application/json"),
    "log": FileKind("text", "text/plain"),
    "md": FileKind("markdown", "text/markdown"),
    "py": FileKind("python", "text/x-python"),
    "rb": FileKind("ruby", "text/x-ruby"),
    "sh": FileKind("shell", "text/x-sh"),
    "sql": FileKind("sql", "text/x-sql"),
    "txt": FileKind("text", "text/plain"),
    "xml": FileKind("xml", "application/xml"),
    "yaml": FileKind("yaml", "text/x-yaml"),
    "yml": FileKind("yaml", "text/x-yaml"),
}
OTHERS = {
    "docx": FileKind(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "gz": FileKind("gzip", "application/gzip"),
    "mp4": FileKind("mp4", "video/mp4"),
    "pdf": FileKind("pdf", "application/pdf"),
    "xlsx": FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "zip": FileKind("zip", "application/zip"),
}
BY_ENDING = PICTURES | TEXTS | OTHERS
SNIPPETS = {kind.filetype: kind for kind in TEXTS.values()}
IMAGES = frozenset(kind.mimetype for kind in PICTURES.values())


def kind_of_name(name: str) -> FileKind:
    """Return the kind that a file's name promises."""
    return BY_ENDING.get(PurePosixPath(name).suffix.lower().removeprefix("."), UNKNOWN)
