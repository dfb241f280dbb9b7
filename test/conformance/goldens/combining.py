"""Writes test/conformance/judge/combining.jsonl: `at least k of n` over pass, fail and inconclusive, by trying every completion.

The verdict is pass when every way of replacing the inconclusive members by pass or fail has k passes, fail when none has, else
inconclusive. This is an oracle of its own: it shares no code with the judge. `all` is k = n, `any` is k = 1.
"""

import itertools
import json
import pathlib

lines = []
for n in range(1, 5):
    for members in itertools.product(["pass", "fail", "inconclusive"], repeat=n):
        for k in range(1, n + 1):
            options = [["pass", "fail"] if one == "inconclusive" else [one] for one in members]
            enough = [sum(one == "pass" for one in way) >= k for way in itertools.product(*options)]
            expected = "pass" if all(enough) else "fail" if not any(enough) else "inconclusive"
            lines.append(json.dumps({"members": members, "atLeast": k, "expected": expected}))
target = pathlib.Path(__file__).parent.parent / "judge" / "combining.jsonl"
target.write_text("\n".join(lines) + "\n")
print(len(lines), "cases")
