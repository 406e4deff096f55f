"""`python -m tests.faults.fatal_metrics`: see `fatal.py`."""

from tests.faults.fatal import run

if __name__ == "__main__":
    run("services.metrics.main")
