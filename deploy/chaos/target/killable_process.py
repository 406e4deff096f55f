"""A killable process: one of the zone that can be made to fail at chosen points (`--role …` as usual).

`ZONE_CHAOS_SERVICE` names the module that holds the service, `ZONE_CHAOS_NAME` the process, `ZONE_CHAOS_FOLDER` the
folder of its switches, `ZONE_CHAOS_KAFKA_PORT` the port through which alone it reaches the broker.
"""

import importlib
import os
from datetime import datetime, timedelta
from pathlib import Path

from deploy.chaos.target.switches import Switches


def main() -> None:
    switches = Switches(Path(os.environ["ZONE_CHAOS_FOLDER"]), os.environ["ZONE_CHAOS_NAME"])
    set_clock(switches)
    # Only now: whoever imports the clock by its name gets the one that can be wrong.
    points = importlib.import_module("deploy.chaos.target.fail_points")
    service = importlib.import_module(os.environ["ZONE_CHAOS_SERVICE"]).service
    points.install(switches, kafka_port=int(os.environ["ZONE_CHAOS_KAFKA_PORT"]))
    service.run()


def set_clock(switches: Switches) -> None:
    """The process's clock goes wrong by the seconds that the switch `clock` says; identities alone keep the right time.

    They live for a minute: a service ten minutes ahead refuses all of them, and there is nothing more to see.
    """
    times = importlib.import_module("services.chassis.domain.times")
    right = times.utc_now

    def now() -> datetime:
        at: datetime = right()
        return at + timedelta(seconds=float(switches.read("clock") or 0))

    setattr(times, "utc_now", now)  # noqa: B010 – the type checker would not let a function be replaced


if __name__ == "__main__":
    main()
