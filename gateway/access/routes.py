"""Who may call the zone: partners, their clients and keys."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from gateway.access.bodies import AdmitClient, AdmitPartner, ChangeClient, ChangePartner, IssueKey, RotateKey
from gateway.access.callers import Administrator, AnyCaller, KeyManager
from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.partner import Partner
from gateway.access.queries import ClientFilter, ClientRef, KeyRef, PartnerFilter, PartnerRef, behind
from gateway.access.views import CallerLimits, ClientView, IssuedKeyView, KeyView, Me, PartnerView
from gateway.settings import settings_of
from services.chassis.domain.refusals import refuses
from services.chassis.http.headers.idempotency import InLost
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.chassis.store.unit_of_work import Tx

router = APIRouter(prefix="/v1", route_class=TransactionalRoute)


async def pepper_of(request: Request) -> bytes:
    """The secret under which keys are sealed."""
    return settings_of(request).key_pepper.encode()


Pepper = Annotated[bytes, Depends(pepper_of)]


@router.get("/me")
async def see_me(request: Request, caller: AnyCaller, tx: InTx) -> Me:
    """Who calls, what their key opens, and how much of it at once; any key may ask."""
    may = CallerLimits.of(caller, settings_of(request).body_limit)
    return Me.of(*await behind(caller, tx), may)


@router.post("/partners", status_code=201)
async def admit_partner(body: AdmitPartner, administrator: Administrator, tx: InTx) -> PartnerView:
    """Let an organisation in; it can call once one of its clients has a key."""
    return PartnerView.of(tx.save(Partner.admit(legal_name=body.legal_name, plan=body.plan)))


@router.get("/partners")
async def list_partners(
    asked: Annotated[PartnerFilter, Query()], manager: KeyManager, tx: InTx, page: InPage
) -> Page[PartnerView]:
    """The partners, oldest first; `office=true` is the zone's own. A partner finds itself."""
    return await page.of(tx, Partner, asked.where(), PartnerView.of)


@router.get("/partners/{partner_id}")
async def see_partner(partner_id: PartnerRef, manager: KeyManager, tx: InTx) -> PartnerView:
    """One partner."""
    return PartnerView.of(await tx.visible(Partner, partner_id))


@router.patch("/partners/{partner_id}")
@refuses("office_stays", "invalid_transition")
async def change_partner(
    partner_id: PartnerRef, body: ChangePartner, administrator: Administrator, tx: InTx
) -> PartnerView:
    """Rename a partner, or shut it out with all its keys, or let it in again; effective within 5 seconds."""
    partner = await tx.visible(Partner, partner_id)
    if body.legal_name is not None:
        partner.rename(body.legal_name)
    if body.status is not None:
        partner.move_to(body.status)
    return PartnerView.of(tx.save(partner))


@router.post("/partners/{partner_id}/clients", status_code=201)
@refuses("wrong_kind_of_client", "scope_not_allowed", "scope_repeated")
async def admit_client(partner_id: PartnerRef, body: AdmitClient, administrator: Administrator, tx: InTx) -> ClientView:
    """Give a system of a partner an identity of its own, of one kind: officials to the office, `partner` elsewhere."""
    partner = await tx.visible(Partner, partner_id)
    return ClientView.of(tx.save(Client.admit(partner, kind=body.kind, scopes=body.scopes)))


@router.get("/partners/{partner_id}/clients")
async def list_clients(
    partner_id: PartnerRef, asked: Annotated[ClientFilter, Query()], manager: KeyManager, tx: InTx, page: InPage
) -> Page[ClientView]:
    """The clients of a partner, oldest first; a partner sees those whose keys it manages."""
    partner = await tx.visible(Partner, partner_id)
    return await page.of(tx, Client, {"partner_id": partner.id, **asked.where()}, ClientView.of)


@router.get("/clients/{client_id}")
async def see_client(client_id: ClientRef, manager: KeyManager, tx: InTx) -> ClientView:
    """One client."""
    return ClientView.of(await tx.visible(Client, client_id))


@router.patch("/clients/{client_id}")
@refuses("scope_not_allowed", "scope_repeated", "own_client", "invalid_transition")
async def change_client(client_id: ClientRef, body: ChangeClient, administrator: Administrator, tx: InTx) -> ClientView:
    """Give a client other scopes, or shut it out, or let it in again; effective within 5 seconds."""
    client = await tx.visible(Client, client_id)
    if "scopes" in body.model_fields_set:
        client.give(body.scopes)
    if body.status is not None:
        client.move_to(body.status, by=administrator.client_id)
    return ClientView.of(tx.save(client))


@router.post("/clients/{client_id}/keys", status_code=201)
@refuses("scope_not_allowed", "scope_repeated", "expiry_in_the_past", "expires_before_it_begins")
async def issue_key(
    client_id: ClientRef, manager: KeyManager, tx: InTx, pepper: Pepper, lost: InLost, body: IssueKey | None = None
) -> IssuedKeyView:
    """Make a key for a client. `key` is shown this once: whoever has it is the client.

    Where the answer is lost, repeat the request with its `Idempotency-Key`: within ten minutes of the first time the
    key of the lost answer is revoked, and another in its place is shown; later `key` is null.
    """
    client = await tx.visible(Client, client_id)
    if lost is not None:
        return await drawn_anew(lost["id"], tx, pepper)
    wanted = body or IssueKey()
    key, text = Key.issue(
        client,
        pepper=pepper,
        at=tx.now,
        scopes=wanted.scopes,
        not_before=wanted.not_before,
        expires_at=wanted.expires_at,
    )
    return IssuedKeyView.of(tx.save(key), client, tx.now, key=text)


@router.get("/clients/{client_id}/keys")
async def list_keys(client_id: ClientRef, manager: KeyManager, tx: InTx, page: InPage) -> Page[KeyView]:
    """The keys of a client, oldest first, those that are no longer good included."""
    client = await tx.visible(Client, client_id)
    return await page.of(tx, Key, {"client_id": client.id}, lambda key: KeyView.of(key, client, tx.now))


@router.get("/keys/{key_id}")
async def see_key(key_id: KeyRef, manager: KeyManager, tx: InTx) -> KeyView:
    """One key, without its secret."""
    key, client = await visible_key(key_id, tx)
    return KeyView.of(key, client, tx.now)


@router.post("/keys/{key_id}/rotate", status_code=201)
@refuses("key_not_in_force", "key_replaced")
async def rotate_key(
    key_id: KeyRef, manager: KeyManager, tx: InTx, pepper: Pepper, lost: InLost, body: RotateKey | None = None
) -> IssuedKeyView:
    """Make a key in place of this one; for `overlap_hours` both are good, then this one ends.

    Where the answer is lost, repeat the request with its `Idempotency-Key`: within ten minutes of the first time the
    key of the lost answer is revoked, and another in its place is shown; later `key` is null.
    """
    old, client = await visible_key(key_id, tx)
    if lost is not None:
        return await drawn_anew(lost["id"], tx, pepper)
    overlap = timedelta(hours=(body or RotateKey()).overlap_hours)
    new, text = old.rotate(client, pepper=pepper, overlap=overlap, at=tx.now)
    tx.save(old)
    return IssuedKeyView.of(tx.save(new), client, tx.now, key=text)


@router.delete("/keys/{key_id}", status_code=204)
@refuses("own_key")
async def revoke_key(key_id: KeyRef, manager: KeyManager, tx: InTx) -> None:
    """Revoke a key; effective on every worker within 5 seconds. Revoking it again changes nothing."""
    key, _ = await visible_key(key_id, tx)
    key.revoke(at=tx.now, by=manager.key_id)
    if key.recorded:
        tx.save(key)


async def drawn_anew(key_id: str, tx: Tx, pepper: bytes) -> IssuedKeyView:
    """A key in place of one whose text was lost with its answer. Raises Conflict, see `Key.draw_anew`."""
    lost, client = await visible_key(key_id, tx)
    key, text = lost.draw_anew(client, pepper=pepper, at=tx.now)
    tx.save(lost)
    return IssuedKeyView.of(tx.save(key), client, tx.now, key=text)


async def visible_key(key_id: str, tx: Tx) -> tuple[Key, Client]:
    """A key that the caller manages, with its client. Raises NotFound for any other."""
    key = await tx.visible(Key, key_id)
    return key, await tx.visible(Client, key.client_id)
