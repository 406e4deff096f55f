"""The size of a business in the figures, by the employees that it stated last."""

from typing import Literal

Size = Literal["micro", "small", "medium", "large", "unknown"]
"""By employees last stated; unknown until they are."""


def size_of(employees: int | None) -> Size:
    """The size class of an industrial enterprise by its employees.

    National Bureau of Statistics, 统计上大中小微型企业划分办法 (2017): 20, 300 and 1,000.
    """
    if employees is None:
        return "unknown"
    if employees < 20:
        return "micro"
    if employees < 300:
        return "small"
    return "medium" if employees < 1_000 else "large"
