"""Whether the process in this container can do what its role asks of it: exit code 0 where its `/readyz` says so.

    python ready.py [/metrics | /readyz | /livez]

With a path it prints that page; the exit code is 0 where it is answered 200.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

TIMEOUT_S = 2.5


def main() -> None:
    """Ask the port of `ZONE_LISTEN` on this machine, and say why where the answer is no."""
    shown = sys.argv[1] if sys.argv[1:] else None
    port = int(os.environ["ZONE_LISTEN"].rpartition(":")[2])
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        connection.request("GET", shown or "/readyz")
        answer = connection.getresponse()
        said = answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    if answer.status != 200:
        sys.exit(said)
    if shown:
        sys.stdout.write(said)


if __name__ == "__main__":
    main()
