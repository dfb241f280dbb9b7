"""Metrics of several classes, computed with scikit-learn."""

import warnings

import numpy as np
from sklearn import metrics

from cases import case

random = np.random.default_rng(20260402)
warnings.filterwarnings("ignore")

for n, classes, present in [(300, 3, [0, 1, 2]), (500, 5, [0, 1, 2, 4]), (120, 2, [0, 1])]:
    label = random.choice(present, n, p=None).astype(float)
    decision = np.where(random.random(n) < 0.6, label, random.integers(0, classes, n)).astype(float)
    if classes == 5:
        decision[decision == 1] = 4
    score = np.clip(random.beta(5, 2, n), 1e-9, 1)
    weight = random.integers(0, 4, n).astype(float)

    def every(w=None):
        found = {
            "accuracy": metrics.accuracy_score(label, decision, sample_weight=w),
            "log_loss": float(np.average(-np.log(score), weights=w)),
        }
        for average in ["macro", "micro", "weighted"]:
            p, r, f, _ = metrics.precision_recall_fscore_support(label, decision, average=average, sample_weight=w, zero_division=0)
            found |= {f"precision {average}": p, f"recall {average}": r, f"f1 {average}": f}
        return found

    kept = weight > 0
    rows = {"label": label, "decision": decision, "score": score}
    case("classMetrics", [rows, classes, weight], {"plain": every(), "weighted": every(weight)})
