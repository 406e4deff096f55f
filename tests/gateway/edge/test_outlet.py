"""The way back: what every answer carries."""

from starlette.types import Message

from gateway.edge.outlet import Outlet


async def heads(strict_transport_security: bytes | None, *headers: tuple[bytes, bytes]) -> dict[bytes, bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    outlet = Outlet(send, "0" * 32, strict_transport_security)
    await outlet({"type": "http.response.start", "status": 200, "headers": list(headers)})
    return dict(sent[0]["headers"])


async def test_strict_transport_security_is_said_only_where_it_is_configured() -> None:
    assert b"strict-transport-security" not in await heads(None)
    assert (await heads(b"max-age=63072000"))[b"strict-transport-security"] == b"max-age=63072000"


async def test_what_an_answer_says_about_its_own_protection_stands() -> None:
    assert (await heads(None, (b"x-frame-options", b"SAMEORIGIN")))[b"x-frame-options"] == b"SAMEORIGIN"
