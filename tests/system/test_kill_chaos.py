"""A few kills at random moments; make kills N=200 runs many."""

import io

from tests.lab import kill_chaos
from tests.lab.case import LabCase


class KillChaosTest(LabCase):
    def test_killed_at_any_moment_it_counts_each_failover_once(self):
        out = io.StringIO()
        try:
            kill_chaos.run(8, 3, out)
        finally:
            print(out.getvalue())
