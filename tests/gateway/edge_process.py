"""The edge, served until SIGTERM: `python -m tests.gateway.edge_process SOCKET SECONDS SERVICE`.

It gives calls under way so many seconds, and reaches every service of `gate.py` at the address of SERVICE.
"""

import sys

from gateway.connection.guard import Guard
from services.chassis.http.request_span import RequestSpan
from services.chassis.http.serving import serve
from services.chassis.telemetry.export import set_up_telemetry
from tests.gateway.gate import Gate

if __name__ == "__main__":
    set_up_telemetry("gateway")  # else a request has two ids: nobody would draw one for its span
    gate = Gate()
    gate.services |= dict.fromkeys(gate.services, sys.argv[3])
    told = {"http": Guard, "ws": "none", "lifespan": "off"}
    serve(RequestSpan(gate), f"unix:{sys.argv[1]}", finish_within=int(sys.argv[2]), **told)
