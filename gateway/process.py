"""What one process of the gateway gives its routes, besides what every process does."""

from dataclasses import dataclass, field
from typing import cast

from gateway.settings import GatewaySettings
from gateway.upstream.httpunk_client import HttpunkUpstream
from services.chassis.process import Process


@dataclass
class GatewayProcess(Process):
    """The surroundings of the gateway's requests.

    Attributes:
        upstream: the client of the services behind the edge.
    """

    upstream: HttpunkUpstream = field(default_factory=HttpunkUpstream)

    @property
    def told(self) -> GatewaySettings:
        """The configuration, as the gateway reads it."""
        return cast(GatewaySettings, self.settings)
