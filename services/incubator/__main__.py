"""`python -m services.incubator --role api|worker|all`."""

from services.incubator.main import service

service.run()
