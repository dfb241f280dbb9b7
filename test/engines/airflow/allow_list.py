"""What the fixed program of a generated file may be made of. Everything else is objected to, so that data never becomes code."""

import ast
import json
import sys

NODES = set(
    """Add And Assign Attribute BinOp BoolOp Call ClassDef Compare Constant Dict DictComp Div Eq ExceptHandler Expr For
    FormattedValue FunctionDef GeneratorExp If IfExp Import ImportFrom In Is IsNot JoinedStr List ListComp Load Module Name Not
    NotEq NotIn Or RShift Raise Return Set Slice Starred Store Subscript Try Tuple USub UnaryOp With alias arg arguments
    comprehension keyword withitem""".split()
)
MODULES = {"json", "os", "signal", "subprocess", "tempfile"}
FROM = {
    "__future__": {"annotations"},
    "datetime": {"datetime", "timedelta", "timezone"},
    "pathlib": {"Path"},
    "airflow.providers.common.compat.sdk": {
        "DAG", "AirflowException", "AirflowFailException", "BaseOperator", "BranchMixIn", "Label",
    },
    "airflow.providers.cncf.kubernetes.operators.pod": {"KubernetesPodOperator"},
    "airflow.providers.standard.operators.hitl": {"HITLOperator"},
    "airflow.providers.standard.operators.trigger_dagrun": {"TriggerDagRunOperator"},
    "airflow.timetables.trigger": {"CronTriggerTimetable"},
}
# Of these modules nothing but this is used: each of them could start a shell.
MEMBERS = {
    "os": {"environ", "killpg"},
    "subprocess": {"Popen", "DEVNULL", "PIPE", "STDOUT", "TimeoutExpired"},
    "signal": {"SIGTERM", "SIGKILL"},
    "tempfile": {"TemporaryDirectory"},
    "json": {"loads"},
}
BUILTINS = {"BaseException", "__file__", "any", "dict", "isinstance", "list", "str", "super"}
METHODS = set(
    """__init__ decode do_branch ended execute execute_complete get info is_file items iterdir join kill_process on_kill poll read_text removesuffix replace resolve
    rstrip run_process splitlines update wait whole_pod xcom_pull xcom_push""".split()
)
ATTRIBUTES = METHODS | {
    "base_container_name", "container_statuses", "exit_code", "message", "pod_template_dict", "remote_pod", "state", "status",
    "terminated", "conf", "log", "name", "parents", "pid", "process", "stdout", "step", "task_id", "utc",
}
TEMPLATES = {"{{ ti.xcom_pull(task_ids='tick', key='run') }}"}


def bound(tree):
    """Names that the file itself gives a meaning."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found


def objections(text):
    """What the file holds beside the fixed program, one sentence each."""
    tree = ast.parse(text)
    names = bound(tree)
    found = [f"name {name} is given another meaning" for name in sorted(names & BUILTINS)]
    for node in ast.walk(tree):
        kind = type(node).__name__
        if kind not in NODES:
            found.append(f"node {kind}")
        if isinstance(node, ast.Import):
            found += [f"import {one.name}" for one in node.names if one.name not in MODULES or one.asname]
        elif isinstance(node, ast.ImportFrom):
            allowed = FROM.get(node.module, set())
            found += [f"from {node.module} import {one.name}" for one in node.names if one.name not in allowed or one.asname]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in names | BUILTINS:
            found.append(f"name {node.id}")
        elif isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else None
            if node.attr not in MEMBERS.get(owner, ATTRIBUTES):
                found.append(f"attribute {node.attr}")
        elif isinstance(node, ast.Call):
            called = node.func
            if not isinstance(called, (ast.Name, ast.Attribute)):
                found.append(f"call of {type(called).__name__}")
            elif isinstance(called, ast.Attribute):
                owner = called.value.id if isinstance(called.value, ast.Name) else None
                if called.attr not in MEMBERS.get(owner, METHODS) and called.attr != "get":
                    found.append(f"call of {called.attr}")
                if called.attr == "Popen" and not (node.args and isinstance(node.args[0], ast.ListComp)):
                    found.append("a process that is not an argument list")
        elif isinstance(node, ast.keyword) and node.arg in ("shell", "executable", "preexec_fn"):
            found.append(f"keyword {node.arg}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "{{" in node.value:
            if node.value not in TEMPLATES:
                found.append(f"template {node.value[:60]}")
    return found


if __name__ == "__main__":
    # Of a list of texts on standard input, without Airflow.
    print(json.dumps([objections(text) for text in json.load(sys.stdin)]))
