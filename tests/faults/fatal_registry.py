"""`python -m tests.faults.fatal_registry`: see `fatal.py`."""

from tests.faults.fatal import run

if __name__ == "__main__":
    run("services.registry.main")
