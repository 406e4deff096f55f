"""`python -m services.metrics --role api|worker|all`."""

from services.metrics.main import service

service.run()
