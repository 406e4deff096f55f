"""Outages: what the driver says while no server answers, in the words of a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import ConnectionFailure

from services.chassis.domain.errors import Unavailable


@contextmanager
def away() -> Iterator[None]:
    """Says 503 where the driver says that no server answered; everything else rises as it is."""
    try:
        yield
    except ConnectionFailure as error:
        raise store_away() from error


def store_away() -> Unavailable:
    return Unavailable("The store cannot be reached at the moment.", code="store_away")
