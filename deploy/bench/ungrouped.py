"""`python -m deploy.bench.ungrouped`: the registry with one transaction a request, to compare group commit with."""

from services.chassis import service as chassis
from services.registry.main import service

if __name__ == "__main__":
    setattr(chassis, "GroupCommit", lambda store: store)  # noqa: B010 – the type checker would not let it be replaced
    service.run()
