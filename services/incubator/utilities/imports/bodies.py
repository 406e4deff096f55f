"""What is sent of imports of readings, and what a row of their files says."""

from collections.abc import Mapping
from typing import Annotated

from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from services.chassis.domain.errors import ZoneError
from services.chassis.domain.part import Part
from services.chassis.domain.times import Instant
from services.chassis.http.problems import from_validation
from services.chassis.store.upload import UploadId
from services.contracts.incubator.tariffs import Utility
from services.incubator.utilities.metering.bodies import Serial
from services.incubator.utilities.metering.register import DialText

YES_AND_NO = {"": False, "false": False, "0": False, "true": True, "1": True}


class ImportReadings(Part):
    """A file of readings that was uploaded and is to be taken in."""

    upload_id: UploadId
    """The upload: CSV with the columns serial, utility, at, value and, where dials roll over, rollover."""


class ReadingRow(Part):
    """A row of a file of readings."""

    serial: Serial
    """What is engraved on the meter."""
    utility: Annotated[Utility, Field(strict=False)]
    """Water or electricity."""
    at: Instant
    """When somebody looked."""
    value: DialText
    """What the dial showed."""
    rollover: bool = False
    """Whether the dial went past its largest number since the reading before."""


def row_of(cells: Mapping[str, str | None]) -> ReadingRow:
    """What the cells of a row say.

    Raises:
        ZoneError: they are no reading; each place is listed, as of a body.
    """
    said: dict[str, object] = dict(cells)
    if "rollover" in cells:
        said["rollover"] = YES_AND_NO.get(str(cells["rollover"]).lower(), cells["rollover"])
    try:
        return ReadingRow.model_validate(said)
    except ValidationError as error:
        wrong = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        refusal: ZoneError = from_validation(RequestValidationError(wrong, body=said))
        raise refusal from error
