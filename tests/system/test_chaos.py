"""A short chaos; make chaos N=... runs a long one."""

import io

from tests.lab import chaos
from tests.lab.case import LabCase


class ChaosTest(LabCase):
    """Chosen seeds, so that each run has its kinds of steps; what happens in
    them is still up to the sentinels."""

    def check(self, failovers, seed, restarts):
        out = io.StringIO()
        try:
            total = chaos.run(failovers, seed, restarts, out)
        finally:
            print(out.getvalue())
        self.assertGreaterEqual(total, failovers)

    def test_exporter_that_stays(self):
        self.check(4, 4, restarts=False)

    def test_exporter_that_goes_and_comes(self):
        self.check(4, 3, restarts=True)
