import pytest

from tests.postgres import ON_POSTGRES


@pytest.fixture(params=["tinydb", ON_POSTGRES])
def database(request: pytest.FixtureRequest) -> str | None:
    """The URL of an empty database; None for a bot that keeps its data in a folder."""
    if request.param == "tinydb":
        return None
    url: str = request.getfixturevalue("database_url")
    return url
