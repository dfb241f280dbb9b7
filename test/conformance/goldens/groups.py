"""Fairness between groups, computed with fairlearn; intervals of differences with statsmodels; of ratios by root finding with SciPy."""

import numpy as np
from fairlearn import metrics as fair
from scipy import optimize
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from cases import case

random = np.random.default_rng(20260404)

counts = [(12, 80, 30, 90), (0, 50, 4, 60), (500, 1000, 480, 900), (40, 40, 35, 40), (3, 2000, 9, 2500)]
for k1, n1, k2, n2 in counts:
    for level in [0.95, 0.99]:
        low, high = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff", alpha=2 * (1 - level))
        case("differenceOf", [k1, n1, k2, n2, level], {"value": k1 / n1 - k2 / n2, "low": low, "high": high})
        bounds = [proportion_confint(k, n, alpha=2 * (1 - level), method="wilson") for k, n in [(k1, n1), (k2, n2)]]
        (l1, u1), (l2, u2) = bounds
        p1, p2 = k1 / n1, k2 / n2
        lower = lambda r: p1 - r * p2 - np.hypot(p1 - l1, r * (u2 - p2))
        upper = lambda r: p1 - r * p2 + np.hypot(u1 - p1, r * (p2 - l2))
        low = 0.0 if k1 == 0 else optimize.brentq(lower, 0, p1 / p2, xtol=1e-15)
        high = optimize.brentq(upper, p1 / p2, 1e4, xtol=1e-13)
        case("ratioOf", [k1, n1, k2, n2, level], {"value": p1 / p2, "low": low, "high": high}, 1e-9)

for n, names in [(900, "abc"), (4000, "abcdef")]:
    group = random.choice(list(names), n)
    label = (random.random(n) < 0.4).astype(float)
    decision = (random.random(n) < 0.3 + 0.2 * label + 0.05 * (group == "a")).astype(float)
    options = {"sensitive_features": group}
    case(
        "fairness",
        [group, label, decision],
        {
            "demographic_parity_difference": fair.demographic_parity_difference(label, decision, **options),
            "demographic_parity_ratio": fair.demographic_parity_ratio(label, decision, **options),
            "equalized_odds_difference": fair.equalized_odds_difference(label, decision, **options),
            "equalized_odds_ratio": fair.equalized_odds_ratio(label, decision, **options),
            "equal_opportunity_difference": fair.equal_opportunity_difference(label, decision, **options),
        },
    )

# The effective number of rows of a clustered, weighted share: the variance of a ratio by linearisation, checked against a design-based formula.
for clusters, size in [(40, 5), (100, 3)]:
    cluster = np.repeat(np.arange(clusters), size)
    effect = np.repeat(random.random(clusters), size)
    event = (random.random(len(cluster)) < 0.2 + 0.5 * effect).astype(float)
    weight = random.integers(1, 4, len(cluster)).astype(float)
    rate = np.average(event, weights=weight)
    residual = np.bincount(cluster, weights=weight * (event - rate)) / weight.sum()
    variance = residual.var(ddof=1) * clusters + clusters * residual.mean() ** 2
    case("clusteredShare", [event, weight, [f"c{one}" for one in cluster]], {"rate": rate, "effective": rate * (1 - rate) / variance}, 1e-9)

