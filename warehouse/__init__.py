"""Plain Python of the warehouse: what a questionnaire, a submission and a release are."""

import os

# Before anything imports scipy, which reads it then. Matrices of forecasts are tiny, and sharing each among threads
# took four times the processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
