"""`python -m services.registry --role api|worker|all`."""

from services.registry.main import service

service.run()
