"""Quantile edges and bin counts by numpy, for test/conformance/sources/bins.json.

Run in a throwaway environment: python -m venv V && V/bin/pip install numpy && V/bin/python psi_bins.py > ../sources/bins.json
Rows are given by the small generator below, which the test repeats, so that the file holds only answers.
"""
import json
import numpy as np


def stream(seed, n):
    state, values = seed, []
    for _ in range(n):
        state = (state * 48271) % 2147483647
        values.append(state)
    return values


SHAPES = {
    "uniform": lambda s: s / 2147483647,
    "skewed": lambda s: -np.log1p(-(s / 2147483648)),
    "integers": lambda s: float(s % 13),
    "mostly_zero": lambda s: 0.0 if s % 10 < 7 else float(s % 1000),
    "two_values": lambda s: float(s % 2),
    "signed": lambda s: (s % 2001 - 1000) / 8.0,
    "gaps": lambda s: None if s % 7 == 0 else float(s % 50),
    "infinite": lambda s: float("inf") if s % 50 == 0 else float("-inf") if s % 50 == 1 else (s % 997) / 4.0,
}

cases = []
for name, shape in SHAPES.items():
    for seed, n, m, shift in [(1, 1000, 700, 0.0), (20, 997, 1500, 1.5), (300, 200, 200, -0.25)]:
        reference = [shape(s) for s in stream(seed, n)]
        current = [None if v is None else v + shift for v in (shape(s) for s in stream(seed + 7, m))]
        filled = np.array([v for v in reference if v is not None])
        finite = filled[np.isfinite(filled)]
        edges = np.unique(np.quantile(finite, np.arange(1, 10) / 10, method="linear"))

        def counts(side):
            values = np.array([v for v in side if v is not None])
            # (low, high]: the index of the first edge that is not below the value.
            index = np.searchsorted(edges, values, side="left")
            return np.bincount(index, minlength=len(edges) + 1).tolist() + [sum(v is None for v in side)]

        cases.append({"shape": name, "seed": seed, "reference_rows": n, "current_rows": m, "shift": shift,
                      "edges": edges.tolist(), "reference": counts(reference), "current": counts(current)})
print(json.dumps(cases))
