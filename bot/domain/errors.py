"""What the domain can say no with."""


class Refused(Exception):
    """The rules do not allow it; the message is shown to the person as it stands.

    `about` names the field of a form that the refusal is about, if it is about one. `quote` is
    what somebody typed; it stands where the message says {quote}, and is escaped when shown.
    """

    def __init__(self, message: str, *, about: str | None = None, quote: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.about = about
        self.quote = quote

    def __str__(self) -> str:
        return self.message.replace("{quote}", self.quote)
