"""Writes all reference values of the statistics from other implementations than ours: SciPy, statsmodels, scikit-learn and fairlearn.

    uv run --project test/conformance/goldens --frozen python test/conformance/goldens/make.py

The tests read the JSON lines and never need Python. The same numbers come out each time.
"""

import cases
import classes
import distances
import groups
import ranking
import statistics_room

assert all([classes, distances, groups, ranking, statistics_room])
cases.write()
