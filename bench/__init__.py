"""Measurements, printed as ratios to a calibration loop of the same run. Never tests."""
