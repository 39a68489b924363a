"""The expected calibration error."""

import pytest

from bench.reliability import calibration_error


def test_calibration_error():
    assert calibration_error([]) == 0
    assert calibration_error([(1.0, True), (0.0, False)]) == 0
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == pytest.approx(0)
    assert calibration_error([(0.9, False), (0.1, False)]) == pytest.approx(0.5)
