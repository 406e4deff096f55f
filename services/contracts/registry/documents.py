"""What others know of the registry's documents: their ids."""

from typing import Annotated

from services.chassis.domain.ids import id_of

DocumentId = Annotated[str, id_of("doc")]
