"""A zone in memory, as far as a load of the opening figures sees it through the gateway."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from gateway.access.scopes import SCOPES

OPERATOR_KEY = "zk_live_operator"
ENDED = {"completed", "rejected", "withdrawn", "lapsed"}
Json = dict[str, Any]


class Killed(Exception):
    """The loader died here."""


class Refusal(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class FakeZone:
    """Partners, clients, keys, filings, businesses and their figures; answers as the public API does."""

    def __init__(self) -> None:
        self.office: Json = {"id": "par_office", "legal_name": "示例办公室", "office": True}
        self.partners: list[Json] = []
        self.clients: dict[str, Json] = {}
        self.keys: dict[str, Json] = {}
        self.filings: dict[str, Json] = {}
        self.businesses: list[Json] = []
        self.targets: list[Json] = []
        self.registry_has_heard = False
        self.stored: dict[tuple[str, str, str], tuple[bytes, int, Json]] = {}
        self.figures = ["applied"]
        self.asked_for: Counter[str] = Counter()
        self.log: list[tuple[str, str, str]] = []
        self.at_once = self.most_at_once = 0
        self.before: Callable[[int], None] = lambda n: None
        self.after: Callable[[int], None] = lambda n: None
        self.trouble: dict[int, httpx.Response | Exception] = {}

    def connect(self, key: str) -> httpx.AsyncClient:
        """A client of this zone that calls with a key."""
        return httpx.AsyncClient(
            base_url="http://zone.example",
            transport=httpx.MockTransport(self.handle),
            headers={"Authorization": f"Bearer {key}"},
            trust_env=False,
        )

    def kill_loader_at(self, call: int, *, before: bool) -> None:
        """From this call on nothing of the loader is heard any more, or nothing of the answers."""

        def die(n: int) -> None:
            if n >= call:
                raise Killed

        self.before, self.after = (die, lambda n: None) if before else (lambda n: None, die)

    def let_live(self) -> None:
        self.before = self.after = lambda n: None

    async def handle(self, request: httpx.Request) -> httpx.Response:
        n = len(self.log)
        kind = self.kind_of(request.headers["Authorization"].removeprefix("Bearer ")) or "nobody"
        self.log.append((kind, request.method, request.url.path))
        self.before(n)
        if n in self.trouble:
            trouble = self.trouble[n]
            if isinstance(trouble, Exception):
                raise trouble
            return trouble
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            answer = self.answer(kind, request)
        finally:
            self.at_once -= 1
        self.after(n)
        return answer

    def kind_of(self, key: str) -> str | None:
        if key == OPERATOR_KEY:
            return "operator"
        made = next((each for each in self.keys.values() if each["key"] == key and not each["revoked"]), None)
        return self.clients[made["client_id"]]["kind"] if made else None

    def answer(self, kind: str, request: httpx.Request) -> httpx.Response:
        key = request.headers.get("Idempotency-Key")
        slot = (kind, request.url.path, key or "")
        if key and slot in self.stored:
            fingerprint, status, body = self.stored[slot]
            if fingerprint != request.content:
                return self.problem(422, "idempotency_key_reused")
            return httpx.Response(status, json=body, headers={"Idempotent-Replayed": "true"})
        try:
            status, body = self.route(kind, request)
        except Refusal as refusal:
            return self.problem(refusal.status, refusal.code)
        if key:
            self.stored[slot] = (request.content, status, json.loads(json.dumps(body)))
        return httpx.Response(status, json=body) if status != 204 else httpx.Response(204)

    def problem(self, status: int, code: str) -> httpx.Response:
        detail = f"Because of {code}."
        wrong = [{"code": code, "detail": detail}] if status == 422 else []
        body = {"code": "validation_failed" if wrong else code, "detail": detail, "errors": wrong}
        return httpx.Response(status, json=body, headers={"Content-Type": "application/problem+json"})

    def route(self, kind: str, request: httpx.Request) -> tuple[int, Json]:
        if kind == "nobody":
            raise Refusal(401, "unauthenticated")
        body = json.loads(request.content) if request.content else {}
        query = dict(request.url.params)
        match request.method, *request.url.path.removeprefix("/v1/").split("/"):
            case ["GET", "partners"]:
                found = [self.office] if query.pop("office", "false") == "true" else [self.office, *self.partners]
                return 200, self.page(found, query)
            case ["POST", "partners"]:
                self.only("operator", kind)
                self.partners.append({"id": f"par_{len(self.partners)}", **body})
                return 201, self.partners[-1]
            case ["GET", "partners", partner_id, "clients"]:
                wanted = {"partner_id": partner_id, "kind": query.pop("kind"), "status": query.pop("status")}
                return 200, self.page([c for c in self.clients.values() if wanted.items() <= c.items()], query)
            case ["POST", "partners", partner_id, "clients"]:
                self.only("operator", kind)
                if (partner_id == self.office["id"]) is (body["kind"] == "partner"):
                    raise Refusal(422, "wrong_kind_of_client")
                client = {
                    "id": f"cli_{len(self.clients)}",
                    "partner_id": partner_id,
                    "status": "active",
                    "scopes": sorted(SCOPES[body["kind"]]),
                    **body,
                }
                self.clients[client["id"]] = client
                return 201, client
            case ["POST", "clients", client_id, "keys"]:
                self.only("operator", kind)
                n = len(self.keys)
                made = {"id": f"key_{n}", "key": f"zk_live_{n}", "client_id": client_id, "revoked": False, **body}
                self.keys[made["id"]] = made
                return 201, dict(made)
            case ["DELETE", "keys", key_id]:
                self.only("operator", kind)
                self.keys[key_id]["revoked"] = True
                return 204, {}
            case ["GET", "registry", "businesses"]:
                code = query.pop("identifier")
                return 200, self.page([b for b in self.businesses if b["code"] == code], query)
            case ["GET", "registry", "filings"]:
                status = query.pop("status")
                return 200, self.page([f for f in self.filings.values() if f["status"] == status], query)
            case ["GET", "registry", "filings", filing_id]:
                return 200, self.filings[filing_id]
            case ["POST", "registry", "registrations"]:
                self.only("officer", kind)
                if not self.registry_has_heard:  # of the partner, which was admitted this second
                    self.registry_has_heard = True
                    raise Refusal(422, "partner_unknown")
                assert body["on_behalf_of"] in {each["id"] for each in self.partners}
                return 201, self.draft(body)
            case ["POST", "registry", "filings", filing_id, "confirm-hosting"]:
                self.only("partner", kind)
                return 200, self.confirm(self.filings[filing_id])
            case ["POST", "registry", "filings", filing_id, action]:
                self.only("officer", kind)
                return 200, self.act(self.filings[filing_id], action, body, self.client_of(request))
            case ["GET", "metrics", "targets"]:
                return 200, self.page([t for t in self.targets if t["kpi"] == query["kpi"]], query)
            case ["POST", "metrics", "targets"]:
                self.only("operator", kind)
                if any(self.of_target(body) == self.of_target(each) for each in self.targets):
                    raise Refusal(409, "target_exists")
                self.targets.append({"id": f"tgt_{len(self.targets)}", "dims": {}, **body})
                return 201, self.targets[-1]
            case ["GET", "metrics", "projection", "status"]:
                asked = self.asked_for[query["event_id"]]
                self.asked_for[query["event_id"]] += 1
                return 200, {"status": self.figures[min(asked, len(self.figures) - 1)]}
        raise Refusal(404, "not_found")

    def of_target(self, target: Json) -> tuple[str, str, str]:
        return target["kpi"], str(target.get("dims")), target["due_on"]

    def only(self, wanted: str, kind: str) -> None:
        if kind != wanted:
            raise Refusal(403, "insufficient_scope")

    def page(self, items: list[Json], query: dict[str, str], size: int = 2) -> Json:
        start = int(query.get("cursor", "0"))
        more = len(items) > start + size
        return {"data": items[start : start + size], "next_cursor": str(start + size) if more else None}

    def client_of(self, request: httpx.Request) -> str:
        key = request.headers["Authorization"].removeprefix("Bearer ")
        return str(next(each["client_id"] for each in self.keys.values() if each["key"] == key))

    def draft(self, body: Json) -> Json:
        payload = body["payload"]
        assert body["requested_effective_at"] < payload["zone_entry_on"] + "T00:00:00Z"
        n = len(self.filings)
        filing: Json = {
            "id": f"fil_{n}",
            "business_id": f"biz_{n}",
            "type": "registration",
            "status": "draft",
            "version": 1,
            "payload": payload,
            "block": None,
            "awaits_host": False,
        }
        self.filings[filing["id"]] = filing
        return filing

    def confirm(self, filing: Json) -> Json:
        """What the host's owner is shown: a part of the filing."""
        if filing["status"] != "submitted" or not filing["awaits_host"]:
            raise Refusal(409, "invalid_transition")
        self.complete(filing)
        filing |= {"awaits_host": False, "version": filing["version"] + 1}
        return {name: filing[name] for name in ("id", "status", "version", "awaits_host")}

    def act(self, filing: Json, action: str, body: Json, client: str) -> Json:
        match filing["status"], action:
            case "draft", "submit":
                assert body["declaration"]["accepted"] is True
                if any(self.code(f) == self.code(filing) for f in self.submitted() if f is not filing):
                    raise Refusal(409, "duplicate_identifier")
                filing |= {"status": "submitted", "by": client}
                hosting = filing["payload"]["hosting"]
                if hosting:
                    if hosting["host_business_id"] not in {b["id"] for b in self.businesses}:
                        raise Refusal(422, "host_not_active")
                    filing["awaits_host"] = True
            case "submitted", "assign" if filing["by"] == client:
                raise Refusal(403, "separation_of_duties")
            case "submitted", "assign":
                filing["status"] = "in_review"
            case "in_review", "approve":
                self.complete(filing)
            case _:
                raise Refusal(409, "invalid_transition")
        filing["version"] += 1
        return filing

    def complete(self, filing: Json) -> None:
        filing["status"] = "completed"
        self.businesses.append(
            {
                "id": filing["business_id"],
                "code": self.code(filing),
                "name": filing["payload"]["name"],
                "last_event_id": f"{filing['business_id']}:0000000001",
            }
        )

    def submitted(self) -> list[Json]:
        return [f for f in self.filings.values() if f["status"] not in {"draft"} | ENDED - {"completed"}]

    def code(self, filing: Json) -> str:
        code: str = filing["payload"]["identifiers"][0]["id"]
        return code
