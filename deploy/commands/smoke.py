"""`./zone smoke`: the images of the services, built and run on a machine without a Docker engine."""

import os
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.images.images import SOURCES, base_image, build, build_libraries, image_of, siblings_in
from deploy.images.podman import Podman
from deploy.images.smoke import ContainerLauncher, run
from deploy.machine.ports import free_port
from deploy.machine.zone_folder import ROOT, ZoneFolder
from deploy.terminal import output, say


def smoke(
    keep: Annotated[bool, typer.Option("--keep", help="Take the images of the last run, if they are there.")] = False,
) -> None:
    """Build the images with podman, run the zone from them, register ten businesses, read the KPIs, stop.

    Uses a MongoDB and a Kafka of its own on this machine (ZONE_KAFKA as for `up`). Opt-in: it needs root, some
    Debian packages, a few gigabytes in .zone/podman/, and some minutes.
    """
    podman = Podman(ROOT / ".zone" / "podman")
    podman.prepare()
    there = {service: podman.try_to("image", "exists", image_of(service)).returncode == 0 for service in SOURCES}
    if not (keep and all(there.values())):
        base = base_image(podman, say)
        say(f"building upon {base}")
        build_libraries(podman, base)
        for service in SOURCES:
            build(podman, service, base)
            say(f"{image_of(service)} built")
        podman.run("image", "prune", "--force")
    for service in SOURCES:
        if others := siblings_in(podman, service):
            raise Complaint(f"{image_of(service)} holds {', '.join(others)} too.")
        size = int(podman.run("image", "inspect", "--format={{.Size}}", image_of(service))) // 1_000_000
        say(f"{image_of(service)}: {size} MB, and none of the other services in it")

    folder = ZoneFolder(ROOT / ".zone" / "smoke")
    with folder.claimed() as ours:
        if not ours:
            raise Complaint("Another smoke run is going on here: wait for its end.")
        folder.forget_data()
        kafka = os.environ.get("ZONE_KAFKA") or "auto"
        table = run(ContainerLauncher(podman, folder, port=free_port(), kafka=kafka, say=say))
    say("ten businesses went in through the gateway, and these figures came out:")
    output.out(table, highlight=False)
    say("everything has been stopped")
