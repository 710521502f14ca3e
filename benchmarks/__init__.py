"""Measurements: what things cost, always beside something else in the same run. None of them is a test."""
