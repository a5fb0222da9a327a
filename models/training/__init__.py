"""Trains the small action models that the gateway serves, and writes their model folders.

Run from the repository root: `python -m models.training.run --out models/lam-word/2 --minutes 75`.
"""
