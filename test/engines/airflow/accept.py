"""Shows generated files to Airflow's own loader and to an allow-list of what the fixed program may do. Prints one JSON object a file."""

import ast
import json
import logging
import os
import sys
import tempfile

folder = sys.argv[1]
home = tempfile.mkdtemp(prefix="airflow-accept-")
os.environ.update(
    AIRFLOW_HOME=home,
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__UNIT_TEST_MODE="False",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
)
logging.disable(logging.CRITICAL)

IMPORTS = {
    "__future__", "json", "os", "signal", "subprocess", "tempfile", "datetime", "pathlib",
    "airflow.providers.common.compat.sdk", "airflow.providers.standard.operators.trigger_dagrun",
    "airflow.timetables.trigger",
}
# Names that a generated file has no use for: each of them could turn data into code, or a word into a shell's.
FORBIDDEN = {"eval", "exec", "compile", "__import__", "getattr", "setattr", "globals", "open", "input", "system", "popen"}


def objections(text):
    """What the file holds beside the fixed program; also that no Jinja stands in it but our own."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [f"import {name.name}" for name in node.names if name.name not in IMPORTS]
        elif isinstance(node, ast.ImportFrom) and node.module not in IMPORTS:
            found.append(f"from {node.module}")
        elif isinstance(node, ast.Name) and node.id in FORBIDDEN:
            found.append(f"name {node.id}")
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN:
            found.append(f"attribute {node.attr}")
        elif isinstance(node, ast.keyword) and node.arg == "shell":
            found.append("shell")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "{{" in node.value:
            if node.value != "{{ ti.xcom_pull(task_ids='tick', key='run') }}":
                found.append(f"template {node.value[:60]}")
    return found


def loaded(path):
    try:
        from airflow.dag_processing.dagbag import DagBag
    except ImportError:
        from airflow.models.dagbag import DagBag
    try:
        bag = DagBag(dag_folder=path, include_examples=False)
    except TypeError:
        bag = DagBag(dag_folder=path)
    return bag


bag = loaded(folder)
errors = {os.path.basename(path): text.strip().split("\n")[-1] for path, text in bag.import_errors.items()}
dags = {}
for dag in bag.dags.values():
    name = os.path.basename(dag.fileloc)
    dags.setdefault(name, {})[dag.dag_id] = {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks}
for name in sorted(os.listdir(folder)):
    if not name.endswith(".py"):
        continue
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        text = file.read()
    compile(text, name, "exec")
    answer = {"file": name, "dags": dags.get(name, {}), "objections": objections(text)}
    if name in errors:
        answer["error"] = errors[name]
    print(json.dumps(answer))
