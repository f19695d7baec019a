"""Measurements, printed as ratios to a calibration loop from the same run. They are not tests."""
