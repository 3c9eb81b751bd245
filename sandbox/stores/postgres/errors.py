"""What PostgreSQL answers to what it does not do, in its own form."""

SYNTAX_ERROR = "42601"
UNSUPPORTED = "0A000"
UNDEFINED_COLUMN = "42703"
UNDEFINED_TABLE = "42P01"
UNDEFINED_FUNCTION = "42883"
UNDEFINED_OBJECT = "42704"
UNDEFINED_PARAMETER = "42P02"
UNDEFINED_STATEMENT = "26000"
UNDEFINED_PORTAL = "34000"
DUPLICATE_STATEMENT = "42P05"
WRONG_TYPE = "42804"
GROUPING = "42803"
INVALID_TEXT = "22P02"
INVALID_TIME = "22007"
INVALID_VALUE = "22023"
OUT_OF_RANGE = "22003"
DIVISION_BY_ZERO = "22012"
NO_POSITION = "42P10"
NEGATIVE_LIMIT = "2201W"
FIXED_SETTING = "55P02"
FORBIDDEN = "42501"
CANCELED = "57014"
TERMINATED = "57P01"
IN_FAILED_TRANSACTION = "25P02"
ACTIVE_TRANSACTION = "25001"
NO_TRANSACTION = "25P01"
TOO_MANY = "53300"
NO_SUCH_ROLE = "28000"
WRONG_PASSWORD = "28P01"
NO_SUCH_DATABASE = "3D000"
PROTOCOL = "08P01"


class SqlError(Exception):
    """Refuse with a SQLSTATE, a message, and a hint that says what would do."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Fatal(SqlError):
    """Refuse, and end the session."""
