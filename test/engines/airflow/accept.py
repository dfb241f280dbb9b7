"""Shows generated files to Airflow's own loader and to an allow-list of what the fixed program may do. Prints one JSON object a file."""

import json
import logging
import os
import py_compile
import sys
import tempfile

from allow_list import objections

folder = sys.argv[1]
home = tempfile.mkdtemp(prefix="airflow-accept-")
os.environ.update(
    AIRFLOW_HOME=home,
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    # A machine that is asked for more than it can do is no objection to a file.
    AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT="600",
    AIRFLOW__CORE__UNIT_TEST_MODE="False",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
)
logging.disable(logging.CRITICAL)

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
    try:
        py_compile.compile(os.path.join(folder, name), cfile=os.path.join(home, "compiled"), doraise=True)
    except py_compile.PyCompileError as error:
        print(json.dumps({"file": name, "dags": {}, "objections": [], "error": error.msg}))
        continue
    answer = {"file": name, "dags": dags.get(name, {}), "objections": objections(text)}
    if name in errors:
        answer["error"] = errors[name]
    print(json.dumps(answer))
