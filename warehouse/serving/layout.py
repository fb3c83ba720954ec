"""Names on the shared server: schemas of releases, stable schemas, roles, and the table that says what is served."""

from dataclasses import dataclass

OWNER = "sarai_owner"
LOADER = "sarai_loader"
READER = "sarai_reader"
CENTRE = "sarai_centre"
PUBLIC_READER = "sarai_public"

SERVED = "serving.releases"
SERVED_RIGHTS = "serving.rights"
LATEST = "sarai"
LATEST_CENTRE = "sarai_centre"


@dataclass(frozen=True)
class Circle:
    """Whom a database serves: the group of all its readers, and for members the centre and a group per country."""

    reader: str
    centre: str | None
    countries: tuple[str, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """All groups of readers."""
        return (self.reader, *([self.centre] if self.centre else []), *map(country_group, self.countries))


def members(countries: tuple[str, ...]) -> Circle:
    """Return the circle of the members' database; ``countries`` are ISO 3166-1 alpha-3 codes."""
    return Circle(READER, CENTRE, countries)


PUBLIC = Circle(PUBLIC_READER, None, ())


def country_group(country_code: str) -> str:
    """Return the group of a country's readers."""
    return f"sarai_{country_code.lower()}"


def tables_schema(number: int) -> str:
    """Return the schema of a release's tables, of which readers may read the columns that are theirs."""
    return f"release_{number}_tables"


def views_schema(number: int) -> str:
    """Return the schema of the views on one release, for sessions that must not see a switch."""
    return f"release_{number}"


def loading_schema(number: int) -> str:
    """Return the schema that a release is loaded into, which no reader may read, until it is put in place."""
    return f"release_{number}_loading"
