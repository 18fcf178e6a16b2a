"""What each alert must fire at, and what must leave it silent.

A case is a small history of a few series, one sample a step. Samples are
written `VALUE*COUNT` or `FIRST+STEP*COUNT`; `_` is no sample. `job`,
`instance` and `pod` are added to every series by the test.
"""

from dataclasses import dataclass

from tests.monitoring.alert_cases_celery import CELERY
from tests.monitoring.alert_cases_sentinel import SENTINEL


@dataclass(frozen=True)
class Case:
    alert: str
    labels: str         # of the alert, besides job and severity
    fires: str          # series, one a line
    onset: int          # the first step at which the condition holds
    resolved: int       # a step at which the alert is over
    below: str          # as near as it gets without an alert
    step: int = 60      # seconds
    own: bool = False   # about one exporter: its instance is a label


CASES = [Case(*case) for case in SENTINEL + CELERY]
