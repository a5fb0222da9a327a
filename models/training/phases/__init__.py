"""The phases of arXiv 2412.10047, one module each; `models.training.pipeline` runs them in order."""
