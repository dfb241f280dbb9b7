"""Metrics of rankings, computed with scikit-learn query by query; recall_at by averaging over the orders of equal scores."""

import itertools

import numpy as np
from sklearn import metrics

from cases import case

random = np.random.default_rng(20260403)


def recall_at(label, score, k):
    """The mean over all orders of rows with equal scores."""
    found = []
    for order in itertools.permutations(range(len(label))):
        ordered = np.array(order)
        if np.all(np.diff(score[ordered]) <= 0):
            found.append(label[ordered][:k].sum() / label.sum())
    return np.mean(found)


for queries, digits, graded in [(12, 6, False), (12, 1, False), (12, 1, True)]:
    query, label, score = [], [], []
    for number in range(queries):
        size = int(random.integers(1, 7))
        query += [f"q{number}"] * size
        label += list(random.integers(0, 4, size) if graded else random.integers(0, 2, size))
        score += list(np.round(random.random(size), digits))
    query, label, score = np.array(query), np.array(label, float), np.array(score)
    expected = {}
    for k in [1, 3, 10]:
        values, recalls, precisions = [], [], []
        for one in np.unique(query):
            own = query == one
            if label[own].sum() == 0:
                continue
            single = own.sum() == 1
            values.append(1.0 if single else metrics.ndcg_score([label[own]], [score[own]], k=k))
            if not graded:
                recalls.append(recall_at(label[own], score[own], k))
                precisions.append(metrics.average_precision_score(label[own], score[own]))
        expected[f"ndcg {k}"] = np.mean(values)
        if not graded:
            expected[f"recall_at {k}"] = np.mean(recalls)
            expected["map 1"] = np.mean(precisions)
    case("rankings", [query, label, score], expected)
