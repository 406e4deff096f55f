"""The registry as it is assembled."""

from services.chassis.testing.callers import settings
from services.registry.main import service


def test_the_register_s_audit_log_is_never_pruned_whatever_is_configured() -> None:
    assert service.outbox_keep(settings(outbox_keep="window")) == "all"
