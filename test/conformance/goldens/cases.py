"""Where golden values go: one file of JSON lines a function, below test/conformance/stats/goldens."""

import json
import pathlib

cases = {}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.item() if hasattr(value, "item") else value


def case(function, arguments, expected, tolerance=1e-10, source=None):
    """`tolerance` is relative to a value above 1e-3 in magnitude or between 0 and 1, else absolute."""
    one = {"arguments": plain(arguments), "expected": plain(expected), "tolerance": tolerance}
    if source is not None:
        one = {"source": source, **one}
    cases.setdefault(function, []).append(one)


def write():
    folder = pathlib.Path(__file__).parent.parent / "stats" / "goldens"
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.jsonl"):
        path.unlink()
    for function, own in sorted(cases.items()):
        (folder / f"{function}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in own))
    print(sum(len(own) for own in cases.values()), "cases of", len(cases), "functions")
