"""What callers send about snapshots."""

from pydantic import BaseModel, ConfigDict

from services.metrics.figures.periods import PeriodName


class TakeSnapshot(BaseModel):
    """Which figures to keep as they are known now."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    period: PeriodName
    """A day, month, quarter or year that is over."""
