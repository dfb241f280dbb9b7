"""Distances of two samples and adjustments of p-values, computed with SciPy, scikit-learn and statsmodels."""

import numpy as np
from scipy import stats
from scipy.spatial.distance import pdist
from sklearn.metrics.pairwise import rbf_kernel
from statsmodels.stats.multitest import multipletests

from cases import case

random = np.random.default_rng(20260401)

for x in [0.05, 0.3, 0.7, 0.79, 0.81, 1.0, 1.3581, 2.0, 3.5]:
    case("kolmogorovUpper", [x], stats.kstwobign.sf(x))
for probability in [0.01, 0.5, 0.9, 0.95, 0.99]:
    case("kolmogorovQuantile", [probability], stats.kstwobign.ppf(probability), 1e-9)

pairs = [
    (random.normal(size=8), random.normal(size=10) + 1),
    (random.normal(size=250), random.normal(size=211) * 1.3),
    (random.gamma(2, 3, 400), random.gamma(2.4, 3, 150)),
    (np.round(random.normal(size=300), 1), np.round(random.normal(size=300) + 0.3, 1)),
    (random.integers(0, 4, 220).astype(float), random.integers(0, 4, 260).astype(float)),
]
for reference, current in pairs:
    exact = len(np.unique(np.concatenate([reference, current]))) == len(reference) + len(current)
    statistic = stats.ks_2samp(reference, current).statistic
    n, m = len(reference), len(current)
    expected = {
        "largest": statistic,
        "area": stats.wasserstein_distance(reference, current),
        "deviation": reference.std(),
        "ties": int(not exact),
        "wasserstein": stats.wasserstein_distance(reference, current) / reference.std(),
    }
    values = np.sort(reference)
    share = np.arange(1, n) / n
    expected["spread"] = np.sum(np.diff(values) * np.sqrt(share * (1 - share)))
    expected["noise"] = (np.sqrt(2 / np.pi) * expected["spread"] / reference.std() + stats.norm.ppf(0.95)) * np.sqrt(1 / n + 1 / m)
    expected["smirnovNoise"] = stats.kstwobign.ppf(0.95) * np.sqrt(1 / n + 1 / m)
    case("gapOf", [reference, current], expected, 1e-9)
    if exact:
        case("smirnovTest", [statistic, n, m, 0], {"p": stats.ks_2samp(reference, current, method="exact").pvalue}, 1e-9)
    else:
        case("smirnovTest", [statistic, n, m, 1], {"p": stats.kstwobign.sf(np.sqrt(n * m / (n + m)) * statistic)})

# Missing rows stand behind every value.
reference, current = random.normal(size=200), random.normal(size=150)
behind = 1e9
case(
    "gapMissing",
    [reference, current, 20, 70],
    stats.ks_2samp(np.append(reference, [behind] * 20), np.append(current, [behind] * 70)).statistic,
)

for reference, current in [(random.normal(size=60), random.normal(size=80) + 0.4), (random.gamma(2, 1, 40), random.gamma(2, 1, 40))]:
    pooled = np.concatenate([reference, current])[:, None]
    bandwidth = np.median(pdist(pooled))
    kernel = rbf_kernel(pooled, gamma=1 / (2 * bandwidth**2))
    n, m = len(reference), len(current)
    xx, yy, xy = kernel[:n, :n], kernel[n:, n:], kernel[:n, n:]
    value = (xx.sum() - n) / (n * (n - 1)) + (yy.sum() - m) / (m * (m - 1)) - 2 * xy.mean()
    case("mmd", [reference, current], {"value": value, "bandwidth": bandwidth})

    def statistic(x, y):
        k = rbf_kernel(np.concatenate([x, y])[:, None], gamma=1 / (2 * bandwidth**2))
        a, b = len(x), len(y)
        return (k[:a, :a].sum() - a) / (a * (a - 1)) + (k[a:, a:].sum() - b) / (b * (b - 1)) - 2 * k[:a, a:].mean()

    test = stats.permutation_test(
        (reference, current), statistic, permutation_type="independent", alternative="greater", n_resamples=9999, rng=7
    )
    case("mmdP", [reference, current], test.pvalue, 0.02 / max(test.pvalue, 0.02))

for values in [random.normal(size=97), random.integers(0, 5, 300).astype(float), random.gamma(1, 1, 1000)]:
    edges = np.unique(np.quantile(values, np.arange(1, 10) / 10))
    other = np.concatenate([random.normal(size=200), [-np.inf, np.inf], edges])
    counts = np.bincount(np.searchsorted(edges, other, side="left"), minlength=len(edges) + 1)
    finite = other[np.isfinite(other)]
    own = np.bincount(np.searchsorted(edges, finite, side="left"), minlength=len(edges) + 1)
    case("decileEdges", [values], edges)
    case("countBins", [finite, edges], own)

for size in [1, 4, 15, 60]:
    p = np.clip(random.beta(0.4, 2, size), 0, 1)
    case("benjaminiHochberg", p, multipletests(p, method="fdr_bh")[1])
    case("holm", p, multipletests(p, method="holm")[1])

for reference, current, epsilon in [([50, 150, 300, 300, 150, 50], [0, 100, 250, 350, 220, 80], 1e-4), ([3000, 0, 12], [900, 40, 3], 1e-3)]:
    e, a = np.array(reference, float), np.array(current, float)
    e, a = np.maximum(e / e.sum(), epsilon), np.maximum(a / a.sum(), epsilon)
    case("flooredPsi", [reference, current, epsilon], np.sum((a - e) * np.log(a / e)))
