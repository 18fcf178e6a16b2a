"""A few schedules of network faults; make faults N=... runs many."""

import io

from tests.lab import fault_chaos
from tests.lab.case import LabCase


class FaultChaosTest(LabCase):
    def test_failovers_are_counted_once_whatever_the_network_does(self):
        out = io.StringIO()
        try:
            self.assertGreaterEqual(fault_chaos.run(4, 1, out), 4)
        finally:
            print(out.getvalue())
