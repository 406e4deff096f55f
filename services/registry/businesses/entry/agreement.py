"""The document in which an agreement stands: a lease, a hosting."""

from typing import Annotated

from services.chassis.domain.violations import rule
from services.contracts.registry.documents import DocumentId


def _is_there(document_id: str | None) -> bool:
    """No document can be handed in yet, so every id names nothing."""
    return document_id is None


AgreementId = Annotated[DocumentId | None, rule(_is_there, "document_unknown", "There is no such document.")]
