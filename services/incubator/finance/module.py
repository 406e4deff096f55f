"""Financial management, as a module of the incubator."""

from services.chassis.module import Module
from services.incubator.finance.bank.account import BankAccount
from services.incubator.finance.bank.lines.line import StatementLine
from services.incubator.finance.bank.lines.routes import router as lines
from services.incubator.finance.bank.routes import router as bank
from services.incubator.finance.bank.statement import BankStatement
from services.incubator.finance.book import Account, Book
from services.incubator.finance.clocks import CLOCKS
from services.incubator.finance.entry import Entry
from services.incubator.finance.handlers import on
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.routes import router as invoices
from services.incubator.finance.opening.routes import router as opening
from services.incubator.finance.payments.credit_note import CreditNote
from services.incubator.finance.payments.payment import Payment
from services.incubator.finance.payments.routes import router as payments
from services.incubator.finance.receivables.routes import router as receivables
from services.incubator.finance.routes import router
from services.incubator.finance.schedules.routes import router as schedules
from services.incubator.finance.schedules.schedule import PrepaidSchedule
from services.incubator.finance.statements.routes import router as statements
from services.incubator.finance.turnover import Turnover

finance = Module(
    "finance",
    "Financial management: a double-entry book for every business, and one of the zone; invoices, payments, banks.",
    routers=[router, statements, invoices, payments, receivables, schedules, opening, bank, lines],
    documents=[
        Book,
        Account,
        Entry,
        Turnover,
        Invoice,
        Payment,
        CreditNote,
        PrepaidSchedule,
        BankAccount,
        BankStatement,
        StatementLine,
    ],
    handlers=on,
    clocks=CLOCKS,
)
