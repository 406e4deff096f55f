"""Partners, as a module of the registry."""

from services.chassis.module import Module
from services.registry.partners.handlers import on
from services.registry.partners.partner import Partner

partners = Module(
    "known partners", "The partners on whose behalf officials may file.", documents=[Partner], handlers=on
)
