"""What the incubator costs, as ratios within one run: each part is a file with a `measure`."""

from enum import StrEnum
from typing import Final

from deploy.bench.incubator import (
    availability,
    billing,
    booking,
    cap_table,
    closing,
    contention,
    entries,
    pledges,
    seats,
    trial_balance,
)
from deploy.bench.stage import Measure


class Part(StrEnum):
    """What can be measured alone."""

    BOOKING = "booking"
    CONTENTION = "contention"
    AVAILABILITY = "availability"
    BILLING = "billing"
    TRIAL_BALANCE = "trial-balance"
    ENTRIES = "entries"
    SEATS = "seats"
    PLEDGES = "pledges"
    CLOSING = "closing"
    CAP_TABLE = "cap-table"


MEASURES: Final[dict[Part, Measure]] = {
    Part.BOOKING: booking.measure,
    Part.CONTENTION: contention.measure,
    Part.AVAILABILITY: availability.measure,
    Part.BILLING: billing.measure,
    Part.TRIAL_BALANCE: trial_balance.measure,
    Part.ENTRIES: entries.measure,
    Part.SEATS: seats.measure,
    Part.PLEDGES: pledges.measure,
    Part.CLOSING: closing.measure,
    Part.CAP_TABLE: cap_table.measure,
}
