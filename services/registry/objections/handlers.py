"""What the incubator answers to a dissolution, and what stands in its way because of that."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.errors import Reject
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.debts import DebtsDeclared, DebtsSettled
from services.registry.businesses.business import Business
from services.registry.objections.objection import Objection, debts_objection_id

on = Handlers()


@on(
    DebtsDeclared,
    loads=lambda event: [(Business, event.business_id), (Objection, debts_objection_id(event.answers))],
)
async def object_for_debts(event: DebtsDeclared, tx: Tx) -> None:
    """A business that owes the zone something is not dissolved before that is paid."""
    business = await _answered(event, tx)
    if business is None:
        return
    objection = await tx.find(Objection, debts_objection_id(event.answers))
    if objection is None:
        objection = Objection.of_debts(event, business, at=tx.now)
    elif event.envelope.sequence <= objection.heard:
        return
    else:
        objection.restate(event, business, at=tx.now)
    objection.heard = event.envelope.sequence
    business.change_dissolution(debts_answered=True)
    tx.save(business)
    tx.save(objection)


@on(
    DebtsSettled,
    loads=lambda event: [(Business, event.business_id), (Objection, debts_objection_id(event.answers))],
)
async def withdraw_for_debts(event: DebtsSettled, tx: Tx) -> None:
    """A business that owes the zone nothing is dissolved once its notice is over."""
    business = await _answered(event, tx)
    if business is None:
        return
    objection = await tx.find(Objection, debts_objection_id(event.answers))
    if objection is not None and event.envelope.sequence > objection.heard:
        objection.withdraw(business, at=tx.now)
        objection.heard = event.envelope.sequence
        tx.save(objection)
    business.change_dissolution(debts_answered=True)
    tx.save(business)


async def _answered(event: DebtsDeclared | DebtsSettled, tx: Tx) -> Business | None:
    """The business whose dissolution an answer is about; None where that one is over by now.

    Raises:
        Reject: there is no such business.
    """
    business = await tx.find(Business, event.business_id)
    if business is None:
        raise Reject(f"{event.business_id} is not in the register, and yet the incubator answers for it")
    return business if business.awaits_answer(event.answers) else None
