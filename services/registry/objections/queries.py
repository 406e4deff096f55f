"""How paths name objections."""

from typing import Annotated

from fastapi import Path

from services.contracts.registry.dissolutions import ObjectionId

ObjectionRef = Annotated[ObjectionId, Path(description="The objection, by its id.")]
