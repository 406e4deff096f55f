"""The offices of the zone that answer for its figures: whom a reader asks who doubts one."""

from enum import StrEnum


class Office(StrEnum):
    """An office of the zone."""

    REGISTRATION = "registration"
    """Keeps the register and decides filings."""
    INCUBATION = "incubation"
    """Runs programmes, and consulting for those who found."""
    TALENT = "talent"
    """Brings those who seek work together with those who seek people."""
    FACILITIES = "facilities"
    """Keeps sites, what is in them, water and electricity."""
    FINANCE = "finance"
    """Keeps the books of the zone."""
    INVESTMENT = "investment"
    """Looks after rounds and investors."""
