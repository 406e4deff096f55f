"""A process that serves until SIGTERM: `python -m tests.chassis.http.stopping_process SOCKET SECONDS`.

It gives requests in flight so many seconds, and says on standard output when one has come.
"""

import asyncio
import sys
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from services.chassis.http.problems import answer_with_problems
from services.chassis.http.request_span import RequestSpan
from services.chassis.http.serving import serve

app = FastAPI()
answer_with_problems(app)


@app.api_route("/after/{seconds}", methods=["GET", "POST"])
async def after(seconds: float) -> dict[str, float]:
    print("came", flush=True)
    await asyncio.sleep(seconds)
    return {"after": seconds}


@app.api_route("/v1/registry/filings", methods=["GET", "POST"])
async def filings() -> dict[str, str]:
    await asyncio.sleep(0.005)
    return {}


@app.get("/endless")
async def endless() -> StreamingResponse:
    async def words() -> AsyncIterator[bytes]:
        yield b"begun"
        print("came", flush=True)
        await asyncio.sleep(600)

    return StreamingResponse(words())


if __name__ == "__main__":
    serve(RequestSpan(app), f"unix:{sys.argv[1]}", finish_within=int(sys.argv[2]))
