"""The images of the services: built from `deploy/Dockerfile`, upon a Debian that is made here where none can be had."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.complaint import Complaint
from deploy.images.podman import Podman
from deploy.machine.zone_folder import ROOT
from deploy.services import WITH_GATEWAY

DOCKERFILE: Final = ROOT / "deploy" / "Dockerfile"
USUAL_BASE: Final = "python:3.11-slim-bookworm"
OWN_BASE: Final = "localhost/zone-base:bookworm"
LIBRARIES: Final = "localhost/zone-libraries:smoke"
PYTHON: Final = "python3.11,python3.11-venv,python3-distutils,ca-certificates"  # debootstrap follows no virtual package
SOURCES: Final = {name: package.replace(".", "/") for name, package in WITH_GATEWAY.items()}
"""Where each service stands in the repository: the build argument `SERVICE`."""
OF_THIS_MACHINE: Final = {
    "pip.conf": Path("/etc/pip.conf"),
    "ca.crt": Path("/etc/ssl/certs/ca-certificates.crt"),
}
"""How this machine reaches its package registry: seen by one step of the build, kept in no image."""
PULL_TIMEOUT_S: Final = 120.0


def image_of(service: str) -> str:
    """The name of a service's image."""
    return f"localhost/zone-{service}:smoke"


def base_image(podman: Podman, say: Callable[[str], None]) -> str:
    """The image to build upon: the usual one from an image registry, else one made of Debian's packages.

    Raises:
        Complaint: neither can be had.
    """
    if podman.try_to("image", "exists", OWN_BASE).returncode == 0:
        return OWN_BASE
    if podman.try_to("pull", "--quiet", USUAL_BASE, timeout=PULL_TIMEOUT_S).returncode == 0:
        return USUAL_BASE
    say("no image registry answers: making the base image with debootstrap (a minute or two, once)")
    root = podman.folder / "debian"
    shutil.rmtree(root, ignore_errors=True)
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={PYTHON}", "bookworm", str(root)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode:
        last = "\n".join(made.stdout.splitlines()[-20:])
        raise Complaint("debootstrap cannot make a Debian: see whether Debian's packages can be had.", details=last)
    archive = podman.folder / "debian.tar"
    subprocess.run(["tar", "--create", "--file", str(archive), "--directory", str(root), "."], check=True)
    podman.run("import", str(archive), OWN_BASE)
    archive.unlink()
    shutil.rmtree(root)
    return OWN_BASE


def build_libraries(podman: Podman, base: str) -> None:
    """Build the first stage alone, once for all services. Raises Complaint."""
    known = [f"--secret=id={name},src={path}" for name, path in OF_THIS_MACHINE.items() if path.exists()]
    _build(podman, LIBRARIES, base, "--target=libraries", *known)


def build(podman: Podman, service: str, base: str) -> None:
    """Build one service's image upon the libraries that are there. Raises Complaint."""
    there = f"--build-context=libraries=container-image://{LIBRARIES}"
    _build(podman, image_of(service), base, there, f"--build-arg=SERVICE={SOURCES[service]}")


def _build(podman: Podman, tag: str, base: str, *options: str) -> None:
    podman.run(
        "build",
        "--format=docker",  # the other format knows no health check
        "--layers=false",  # the driver vfs would keep a whole copy for every step
        "--network=host",
        f"--file={DOCKERFILE}",
        f"--build-arg=BASE={base}",
        *options,
        f"--tag={tag}",
        str(ROOT),
    )


def siblings_in(podman: Podman, service: str) -> list[str]:
    """The other services that the image holds: none, or one that imports a sibling would start. Raises Complaint."""
    root = Path(podman.run("image", "mount", image_of(service)))
    try:
        return [name for name, source in SOURCES.items() if name != service and (root / "zone" / source).exists()]
    finally:
        podman.run("image", "unmount", image_of(service))
