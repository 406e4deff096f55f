"""Every problem code is declared by the operations that may answer it, and explained to whoever gets it."""

from typing import Annotated, ClassVar

import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from deploy.services import WITH_GATEWAY, assembled
from gateway.pages.problem_pages import explanations
from services.chassis.domain.errors import Conflict, Unprocessable
from services.chassis.domain.money import Money
from services.chassis.domain.refusals import Refuses, refuses
from services.chassis.domain.times import Day
from services.chassis.domain.violations import rule
from services.chassis.http.route import TransactionalRoute
from services.chassis.specs.refusals import codes_of, undeclared
from tests.each import of_each

OPERATIONS = {route.name: route for name in WITH_GATEWAY for route in assembled(name).routes()}


class Sale(BaseModel):
    refuses: ClassVar = ("sale_over",)

    price: Money
    lines: list[Annotated[str, rule(bool, "line_empty", "Say what is sold.")]]


router = APIRouter(route_class=TransactionalRoute)


@router.post("/shops/{shop}/sales")
@refuses("shop_shut")
async def sell(body: Sale, shop: Annotated[str, Refuses("shop_unknown")], on: Day | None = None) -> None:
    """Sell something."""


(SELL,) = (route for route in router.routes if isinstance(route, TransactionalRoute))


def test_an_operation_declares_what_it_says_itself_and_what_its_parameters_and_its_body_say() -> None:
    expected = {"shop_shut", "shop_unknown", "date_invalid", "money_invalid", "line_empty", "sale_over"}
    assert codes_of(SELL) == expected


def test_a_code_that_is_not_declared_is_found() -> None:
    assert undeclared(SELL, Conflict("No.", code="shop_full")) == {"shop_full"}
    error = {"pointer": "/lines/0", "code": "line_long", "detail": "too long"}
    assert undeclared(SELL, Unprocessable("No.", errors=[error])) == {"line_long"}


@pytest.mark.parametrize("code", ["shop_shut", "not_found", "idempotency_key_reused"])
def test_a_code_that_is_declared_or_that_any_operation_may_answer_is_none(code: str) -> None:
    assert not undeclared(SELL, Conflict("No.", code=code))


@of_each("name", OPERATIONS)
def test_every_code_that_an_operation_declares_is_explained(name: str) -> None:
    assert codes_of(OPERATIONS[name]) - explanations().keys() == set()


def test_an_approval_promises_no_refusal_of_the_register_for_that_blocks_the_filing_instead() -> None:
    who_may = {"not_assigned", "separation_of_duties", "supervisor_required"}
    assert codes_of(OPERATIONS["approve_filing"]) == {"invalid_transition", *who_may}
