"""What is decided, in the figures: one dimension for all that somebody submits and somebody decides."""

from typing import Literal

from services.metrics.figures.dimensions import Dimension

OutcomeName = Literal["accepted", "approved", "rejected", "waitlisted", "withdrawn"]
"""How something was decided; each kind of thing has some of these."""


def outcome_among(*values: OutcomeName, otherwise: OutcomeName) -> Dimension:
    """The dimension of things that are decided in one of these ways.

    Args:
        otherwise: of a thing of which no decision is known: it is counted by what else became of it.
    """
    return Dimension(
        "outcome",
        OutcomeName,
        values=values,
        of=lambda state: str(state.get("outcome", otherwise)),
        about="How it was decided, as of the end of the day.",
    )
