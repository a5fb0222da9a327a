"""Trains the small action models that the gateway serves, and writes their model folders.

Run from the repository root: `python -m models.training.pipeline --budget-minutes 150 --threads 2`.
"""
