"""The base of all system tests."""

import unittest


class LabCase(unittest.TestCase):
    """A test that starts things and has them stopped, come what may."""

    maxDiff = None

    def use(self, thing):
        """Start a thing for this test; it is stopped at its end, and a
        complaint of its stop() fails the test."""
        self.addCleanup(thing.stop)
        return thing.start()

    @classmethod
    def use_for_class(cls, thing):
        """The same for all tests of a class; call it in setUpClass."""
        cls.addClassCleanup(thing.stop)
        return thing.start()
