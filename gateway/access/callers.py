"""Who may manage access to the zone, as types that a route's signature names."""

from typing import Annotated

from fastapi import Security

from services.chassis.domain.caller import Caller
from services.chassis.http.security import CallerOf

Administrator = Annotated[Caller, Security(CallerOf("operator"), scopes=["admin"])]
"""Admits, changes and suspends partners and clients."""

AnyCaller = Annotated[Caller, Security(CallerOf())]
"""Whoever has a key that is in force, whatever it opens."""

KeyManager = Annotated[Caller, Security(CallerOf("operator", "partner"), scopes=["keys:manage"])]
"""An operator, for every key; a partner, for the keys of its own clients of kind `partner`.

It is the power over *all* of them: whoever may make keys for a client may do what the client may.
"""
