"""Tests of what is under deploy/: charts, packages, images."""
