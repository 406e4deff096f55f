"""`/livez`, `/readyz` and `/metrics`: for the launcher, the orchestrator and the operator; never for partners."""

import asyncio
from typing import Any, Protocol

import orjson
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.chassis.domain.errors import Unavailable
from services.chassis.process import Check, Process
from services.chassis.store.mongo import MongoStore
from services.chassis.telemetry.instruments import DEPENDENCY_UP

CHECK_SECONDS = 2.0

router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def livez() -> Response:
    """The loop turns."""
    return Response(b'{"state":"ok"}', media_type="application/json")


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """200 while this process can do what its role asks of it, else 503; each dependency with its own state.

    `api` and `all` need MongoDB alone: a broker that is away must not take the API down. `worker` needs them all.
    """
    process = Process.of(request)
    found = await _dependencies(process.checks)
    needed = found.keys() if process.settings.role == "worker" else {"mongodb"}
    down = any(found[name]["state"] == "down" for name in needed)
    ok = not down and all(each["state"] == "ok" for each in found.values())
    overall = "down" if down else "ok" if ok else "degraded"
    body = {"state": overall, "role": process.settings.role, "dependencies": found}
    return Response(orjson.dumps(body), status_code=503 if down else 200, media_type="application/json")


async def _dependencies(checks: dict[str, Check]) -> dict[str, dict[str, Any]]:
    """What each dependency says of itself, and the same as a metric."""
    found = dict(zip(checks, await asyncio.gather(*(_judge(check) for check in checks.values())), strict=True))
    for name, each in found.items():
        DEPENDENCY_UP.set(int(each["state"] == "ok"), {"dependency": name})
    return found


async def _judge(check: Check) -> dict[str, Any]:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception as error:
        return {"state": "down", "reason": f"{type(error).__name__}: {error}"}


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """What this process measures (`instruments.py` is the list), in the Prometheus text format."""
    await _dependencies(Process.of(request).checks)
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


class Worker(Protocol):
    """A part that works in the background and says how it is doing."""

    def health(self) -> dict[str, Any]:
        """Its state, and the reason where it is not `ok`."""


def said_by(worker: Worker) -> Check:
    """The check that asks a worker."""

    async def check() -> dict[str, Any]:
        return worker.health()

    return check


def reachable(store: MongoStore) -> Check:
    """The check whether the database answers."""

    async def check() -> dict[str, Any]:
        try:
            await store.ping()
        except Unavailable as error:
            return {"state": "down", "reason": error.detail}
        return {"state": "ok"}

    return check
