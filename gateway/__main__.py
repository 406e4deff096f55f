"""`python -m gateway --role api|worker|all [--listen HOST:PORT|unix:PATH]`."""

from gateway.main import service

service.run()
