"""The time of day, in one place: pictures of the program stop it here."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC, to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
