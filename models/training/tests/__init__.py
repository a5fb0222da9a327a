"""Run from the repository root: `python -m unittest discover -s models/training/tests -t .`"""
