"""Means of weights: where several trainings from the same start ended is noise around something better ("Model soups", arXiv 2203.05482)."""

from torch import Tensor

Weights = dict[str, Tensor]


def mean_weights(models: list[tuple[Weights, float]]) -> Weights:
    """The mean of the models, each with how much it counts. Raises ValueError for models of different parameters, and for none."""
    names = {frozenset(weights) for weights, _ in models}
    if len(names) != 1:
        raise ValueError(f"{len(models)} models with {len(names)} sets of parameters have no mean")
    total = sum(share for _, share in models)
    return {name: sum(weights[name] * (share / total) for weights, share in models) for name in models[0][0]}
