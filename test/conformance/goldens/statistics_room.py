"""Special functions, intervals, tests, metrics and binned distances, computed with SciPy, statsmodels and scikit-learn."""

import numpy as np
from scipy import optimize, special, stats
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

from cases import case

random = np.random.default_rng(20260314)

for z in [-37.0, -8.5, -3.2, -1.0, -1e-3, 0.0, 0.3, 1.96, 5.0, 8.5, 20.0]:
    case("normalCdf", [z], stats.norm.cdf(z))
    case("normalUpper", [z], stats.norm.sf(z))
for p in [1e-300, 1e-20, 1e-10, 0.001, 0.05, 0.2, 0.4999, 0.5, 0.7, 0.95, 0.975, 0.999999, 1 - 1e-12]:
    case("normalQuantile", [p], stats.norm.ppf(p))
for x in [1e-8, 0.1, 0.5, 1.5, 2.5, 11.9, 12.0, 100.5, 1e4, 3e6]:
    case("logGamma", [x], special.gammaln(x))
for a in [0.01, 0.5, 1.0, 4.5, 30.0, 500.0, 2e4]:
    for ratio in [0.01, 0.5, 0.9, 1.0, 1.1, 2.0, 5.0]:
        case("gammaUpper", [a, a * ratio], special.gammaincc(a, a * ratio), 2e-10)
        case("gammaLower", [a, a * ratio], special.gammainc(a, a * ratio), 2e-10)
for a in [0.5, 1.0, 2.5, 40.0, 1000.5, 2e5]:
    for b in [0.5, 3.5, 90.0, 1e5]:
        mean = a / (a + b)
        for x in [mean * 0.5, mean * 0.97, mean, mean + (1 - mean) * 0.01, mean + (1 - mean) * 0.4]:
            value = special.betainc(a, b, x)
            if value > 1e-250:
                case("incompleteBeta", [x, a, b], value, 5e-10)
for degrees in [1, 2, 9, 14, 100, 1000]:
    for p in [0.01, 0.05, 0.5, 0.95, 0.999]:
        case("chiSquareQuantile", [p, degrees], stats.chi2.ppf(p, degrees))
        case("studentQuantile", [p, degrees], stats.t.ppf(p, degrees))
    case("chiSquareUpper", [degrees * 1.7, degrees], stats.chi2.sf(degrees * 1.7, degrees))
    for t in [-3.0, -0.2, 0.7, 2.5, 12.0]:
        case("studentUpper", [t, degrees], stats.t.sf(t, degrees))
for n, p in [(1, 0.5), (20, 0.3), (59, 0.95), (299, 0.99), (5000, 0.002), (1_000_000, 0.1)]:
    for k in sorted({0, int(n * p), int(n * p) + 1, max(0, int(n * p - 3 * np.sqrt(n * p * (1 - p)))), n - 1, n}):
        case("binomialDensity", [k, n, p], stats.binom.pmf(k, n, p), 1e-9)
        case("binomialCdf", [k, n, p], stats.binom.cdf(k, n, p))
        case("binomialUpper", [k, n, p], stats.binom.sf(k - 1, n, p))
        if n < 10_000:
            case("binomialTest", [k, n, p], stats.binomtest(k, n, p).pvalue)

for k, n in [(0, 10), (10, 10), (1, 50), (15, 50), (700, 1000), (3, 100_000)]:
    for level in [0.9, 0.95, 0.99]:
        low, high = proportion_confint(k, n, alpha=2 * (1 - level), method="wilson")
        case("wilson", [k, n, level], {"low": low, "high": high})


def tango(b, c, n, level):
    z = stats.norm.ppf(level)

    def score(delta):
        big_b = -b - c + (2 * n - b + c) * delta
        q = (np.sqrt(big_b**2 - 4 * (2 * n) * (-c * delta * (1 - delta))) - big_b) / (2 * (2 * n))
        return (b - c - n * delta) / np.sqrt(n * (2 * q + delta * (1 - delta)))

    difference = (b - c) / n
    low = optimize.brentq(lambda d: score(d) - z, -1 + 1e-9, difference - 1e-12, xtol=1e-15)
    high = optimize.brentq(lambda d: score(d) + z, difference + 1e-12, 1 - 1e-9, xtol=1e-15)
    return {"difference": difference, "low": low, "high": high}


for b, c, n in [(12, 2, 44), (43, 0, 100), (50, 60, 10_000), (1, 1, 30), (700, 650, 116_200)]:
    for level in [0.95, 0.975]:
        case("tango", [b, c, n, level], tango(b, c, n, level), 1e-9)


def placements(label, score):
    positive, negative = score[label == 1], score[label == 0]
    psi = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    return psi.mean(), psi.mean(axis=1), psi.mean(axis=0)


for n, digits in [(40, 1), (200, 3), (200, 1)]:
    label = (random.random(n) < 0.35).astype(float)
    champion = np.round(random.normal(size=n) + 0.8 * label, digits)
    challenger = np.round(0.7 * champion + 0.5 * random.normal(size=n) + 0.4 * label, digits)
    auc1, v10a, v01a = placements(label, challenger)
    auc2, v10b, v01b = placements(label, champion)
    assert abs(auc1 - metrics.roc_auc_score(label, challenger)) < 1e-12
    covariance = np.cov(v10a, v10b) / len(v10a) + np.cov(v01a, v01b) / len(v01a)
    case("delong", [label, challenger, champion], {
        "auc": metrics.roc_auc_score(label, challenger),
        "championAuc": metrics.roc_auc_score(label, champion),
        "variance": covariance[0, 0], "championVariance": covariance[1, 1], "covariance": covariance[0, 1],
        "standardError": np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]),
    })
    case("midranks", [challenger], stats.rankdata(challenger))


def calibration_error(label, score, bins=15):
    edges = np.unique(np.quantile(score, np.arange(1, bins) / bins, method="inverted_cdf"))
    bin_of = np.searchsorted(edges, score, side="left")
    return sum((bin_of == b).mean() * abs(label[bin_of == b].mean() - score[bin_of == b].mean()) for b in np.unique(bin_of))


for n, digits in [(1500, 12), (1500, 2), (1000, 1)]:
    score = np.round(np.clip(random.beta(2, 4, n), 1e-6, 1 - 1e-6), digits)
    label = (random.random(n) < np.clip(score * 1.2, 0, 1)).astype(float)
    decision = (score >= 0.3).astype(float)
    weight = random.integers(0, 4, n).astype(float)
    rows = {"label": label, "score": score, "decision": decision}
    expected = {
        "accuracy": metrics.accuracy_score(label, decision),
        "auc": metrics.roc_auc_score(label, score),
        "average_precision": metrics.average_precision_score(label, score),
        "precision": metrics.precision_score(label, decision),
        "recall": metrics.recall_score(label, decision),
        "specificity": metrics.recall_score(1 - label, 1 - decision),
        "f1": metrics.f1_score(label, decision),
        "positive_rate": decision.mean(),
        "log_loss": metrics.log_loss(label, score),
        "brier": metrics.brier_score_loss(label, score),
        "calibration_error": calibration_error(label, score),
    }
    weighted = {
        "accuracy": metrics.accuracy_score(label, decision, sample_weight=weight),
        "auc": metrics.roc_auc_score(label, score, sample_weight=weight),
        "average_precision": metrics.average_precision_score(label, score, sample_weight=weight),
        "precision": metrics.precision_score(label, decision, sample_weight=weight),
        "recall": metrics.recall_score(label, decision, sample_weight=weight),
        "f1": metrics.f1_score(label, decision, sample_weight=weight),
        "log_loss": metrics.log_loss(label, score, sample_weight=weight),
        "brier": metrics.brier_score_loss(label, score, sample_weight=weight),
    }
    case("metrics", [rows, weight], {"plain": expected, "weighted": weighted})

for n in [300]:
    label = random.gamma(2.0, 20.0, n)
    score = label * random.normal(1.0, 0.2, n) + 1
    weight = random.integers(0, 4, n).astype(float)
    rows = {"label": label, "score": score, "decision": np.zeros(n)}

    def regression(sample_weight=None):
        return {
            "mae": metrics.mean_absolute_error(label, score, sample_weight=sample_weight),
            "rmse": metrics.root_mean_squared_error(label, score, sample_weight=sample_weight),
            "r2": metrics.r2_score(label, score, sample_weight=sample_weight),
            "mape": metrics.mean_absolute_percentage_error(label, score, sample_weight=sample_weight),
            "wape": np.average(np.abs(score - label), weights=sample_weight) / np.average(label, weights=sample_weight),
            "pinball": metrics.mean_pinball_loss(label, score, alpha=0.5, sample_weight=sample_weight),
        }

    case("metrics", [rows, weight], {"plain": regression(), "weighted": regression(weight)})

for size in [5, 30, 400]:
    values = random.normal(0.05, 1, size)
    interval = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    test = stats.ttest_1samp(values, 0)
    case("meanInterval", [values, 0.95], {"mean": values.mean(), "low": interval.low, "high": interval.high, "t": test.statistic, "p": test.pvalue})


def distances(reference, current):
    e, a = np.array(reference, float), np.array(current, float)
    kept = e + a > 0
    e, a = e[kept], a[kept]
    p, q = e / e.sum(), a / a.sum()
    smooth_e, smooth_a = (e + 0.5) / (e + 0.5).sum(), (a + 0.5) / (a + 0.5).sum()
    js = distance_js(p, q)
    scale = 1 / e.sum() + 1 / a.sum()
    chi = stats.chi2.ppf(0.95, len(e) - 1) * scale
    return {
        "psi": [float(np.sum((smooth_a - smooth_e) * np.log(smooth_a / smooth_e))), chi],
        "js_divergence": [js**2, chi / (8 * np.log(2))],
        "js_distance": [js, np.sqrt(chi / (8 * np.log(2)))],
        "hellinger": [np.sqrt(max(0, 1 - np.sum(np.sqrt(p * q)))), np.sqrt(chi / 8)],
        "tvd": [np.abs(p - q).sum() / 2, np.sqrt(chi) / 2],
    }


def distance_js(p, q):
    from scipy.spatial.distance import jensenshannon

    return float(jensenshannon(p, q, base=2))


for reference, current in [
    ([120, 200, 250, 230, 150, 50], [90, 180, 240, 260, 170, 60]),
    ([100] * 10, [80, 85, 95, 100, 105, 110, 115, 105, 100, 105]),
    ([50, 150, 300, 300, 150, 50, 0], [0, 100, 250, 350, 220, 80, 0]),
    ([3000, 0, 12], [900, 40, 3]),
]:
    case("drift", [reference, current], distances(reference, current))

for counts in [[[30, 40, 50], [60, 40, 20]], [[500, 300, 200, 100], [45, 36, 20, 9]]]:
    result = stats.chi2_contingency(counts, correction=False)
    total = np.sum(counts)
    case("chiSquareTest", counts, {"value": np.sqrt(result.statistic / total), "p": result.pvalue})

for n, q in [(59, 0.95), (58, 0.95), (299, 0.99), (1000, 0.99), (1000, 0.5)]:
    ranks = np.arange(1, n + 1)
    upper = ranks[stats.binom.cdf(ranks - 1, n, q) >= 0.95]
    lower = ranks[stats.binom.sf(ranks - 1, n, q) >= 0.95]
    case("quantileRanks", [n, q, 0.95], {
        "value": int(np.quantile(ranks, q, method="inverted_cdf")),
        "low": int(lower[-1]) if len(lower) else None,
        "high": int(upper[0]) if len(upper) else None,
    })


def beta_binomial(k, n, alpha):
    def log_evidence(p):
        return special.betaln(0.5 + k, 0.5 + n - k) - special.betaln(0.5, 0.5) - special.xlogy(k, p) - special.xlog1py(n - k, -p) + np.log(alpha)

    rate = k / n
    return {
        "low": 0.0 if k == 0 else optimize.brentq(log_evidence, 1e-300, rate, xtol=1e-16),
        "high": 1.0 if k == n else optimize.brentq(log_evidence, rate, 1 - 1e-16, xtol=1e-16),
    }


for k, n in [(0, 1), (0, 924), (1, 50), (15, 50), (700, 1000), (60, 20_000), (50, 50)]:
    case("betaBinomialBounds", [k, n, 0.005], beta_binomial(k, n, 0.005), 1e-8)

for challenger, champion, share in [(10, 190, 0.05), (100, 1900, 0.1), (700, 1300, 0.5), (0, 300, 0.02)]:
    n = challenger + champion
    log = stats.betabinom.logpmf(challenger, n, 100 * share, 100 * (1 - share)) - stats.binom.logpmf(challenger, n, share)
    case("logShareEvidence", [challenger, champion, share], log, 1e-8)

for size in [25, 80]:
    values = random.lognormal(0, 1, size)
    interval = stats.bootstrap((values,), np.mean, n_resamples=100_000, confidence_level=0.9, method="BCa", rng=1).confidence_interval
    case("bootstrapMean", [values, 0.95], {"value": values.mean(), "low": interval.low, "high": interval.high}, 0.01)
