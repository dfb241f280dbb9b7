/**
 * The program of every generated file, in pieces: the same text for every policy, so that a reviewer reads it once.
 * `test/engines/airflow/allow_list.py` knows what it may import, call and name. Pieces of TypeScript template text: a backslash of Python is written twice.
 */

/** Between the header and the policy's data. */
export const OPENING = `"""Two Airflow DAGs of one retrain policy: \`tick\` looks whether it is time to retrain, \`retrain\` does it.

This program is the same for every policy. What differs is data: POLICY says which tasks there are, PLAN is what the
tick hands to the runtime. Nothing is decided here: a task starts an argument list, without a shell, and the edge that
carries the word of its answer is followed. Any other word ends the run, which then is a success: it was refused, or
is over. A run that broke fails in \`outcome\`.
"""

from __future__ import annotations

`;

const PROCESS_MODULES = `import json
import os
import signal
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
`;

const POD_MODULES = `import json
from datetime import datetime, timedelta, timezone
`;

const PROCESS_SDK = `
from airflow.providers.common.compat.sdk import (
    DAG,
    AirflowException,
    AirflowFailException,
    BaseOperator,
    BranchMixIn,
    Label,
)
`;

const POD_SDK = `
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.common.compat.sdk import DAG, AirflowException, AirflowFailException, BranchMixIn, Label
`;

const IMPORTS = `from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.timetables.trigger import CronTriggerTimetable
`;

/** Reads where the project is, and a word of a command. */
const PROCESS_WORDS = `
# Exit codes of the runtime that are worth another try: 75 says so itself, the others are those of a killed process.
AGAIN = (75, 137, 143, -9, -15)


def project_root():
    """Folder of retrain.config.yaml above this file, or RETRAIN_ROOT where the file was copied elsewhere."""
    given = os.environ.get("RETRAIN_ROOT")
    if given:
        return Path(given)
    for folder in Path(__file__).resolve().parents:
        if (folder / "retrain.config.yaml").is_file():
            return folder
    raise AirflowFailException("no retrain.config.yaml above this file: set RETRAIN_ROOT to the project's folder")


def filled(word, known):
    """A word of a command: text as it stands, or pieces of which some are known only now."""
    if isinstance(word, str):
        return word
    return "".join(piece if isinstance(piece, str) else known[piece["of"]] for piece in word)
`;

const POD_WORDS = `
# Exit codes of the runtime that are worth another try: 75 says so itself, the others are those of a killed process.
AGAIN = (75, 137, 143)


def filled(value, known):
    """A pod as it stands, but for the texts of which a part is known only now. Kubernetes reads two dollars as one."""
    if isinstance(value, list):
        return [filled(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    if "text" in value:
        pieces = value["text"]
        return "".join(one if isinstance(one, str) else known[one["of"]].replace("$", "$$") for one in pieces)
    return {name: filled(one, known) for name, one in value.items()}
`;

/** What a step is told, and how long it may take. */
const COMMON = `

def known_values(step, context):
    """What the words of a step may name: the run, and what its snapshot handed over."""
    known = {"run": str((context["dag_run"].conf or {}).get("run") or context["run_id"])}
    for name in step.get("told", []):
        known[name] = context["ti"].xcom_pull(task_ids="snapshot", key=name)
        if known[name] is None:
            raise AirflowFailException(f"the snapshot handed over no {name}")
    if "answered" in step:
        # Empty where nobody was asked.
        for name in ("answer", "identity"):
            known[name] = context["ti"].xcom_pull(task_ids=step["answered"], key=name) or ""
    return known


def settings(step):
    """Time limit and retries of a task, all in seconds."""
    return {
        "execution_timeout": timedelta(seconds=step["timeout"]),
        "retries": step["retries"],
        "retry_delay": timedelta(seconds=step["first_wait"]),
        "max_retry_delay": timedelta(seconds=step["longest_wait"]),
        "retry_exponential_backoff": True,
    }
`;

const PROCESS = `

class Step(BaseOperator, BranchMixIn):
    """Runs one argument list as a process of this worker and follows the edge of the word that it answers."""

    template_fields = ()

    def __init__(self, *, step, **arguments):
        super().__init__(**arguments)
        self.step = step
        self.process = None

    def execute(self, context):
        root = project_root()
        known = {**known_values(self.step, context), "root": str(root), "plan": "".join(PLAN.splitlines())}
        with tempfile.TemporaryDirectory(prefix="retrain-") as answers:
            known["answers"] = answers
            code = self.run_process(root, known)
            found = {path.name: path.read_text(encoding="utf-8") for path in Path(answers).iterdir()}
        if code != 0:
            again = not self.step["runtime"] or code in AGAIN
            error = AirflowException if again else AirflowFailException
            raise error(f"{self.task_id} ended with exit code {code}")
        for name, text in found.items():
            context["ti"].xcom_push(key=name, value=text)
        word = found.get("word") if self.step["runtime"] else "done"
        self.log.info("answer: %s", word)
        self.do_branch(context, self.step["edges"].get(word, self.step["otherwise"]))

    def run_process(self, root, known):
        """Starts the process in a group of its own, writes its output to the log and gives its exit code."""
        own = {"AIRFLOW"} if self.step["runtime"] else {"AIRFLOW", "RETRAIN_LEDGER"}
        environment = {name: text for name, text in os.environ.items() if not any(part in name for part in own)}
        environment.update({name: filled(word, known) for name, word in self.step.get("environment", {}).items()})
        for name, reference in self.step.get("secrets", {}).items():
            # The worker's own surroundings may name the ledger too.
            if not (self.step["runtime"] and name in environment):
                environment[name] = secret(root, reference)
        self.process = subprocess.Popen(
            [filled(word, known) for word in self.step["command"]],
            cwd=root / self.step.get("folder", "."),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            for line in self.process.stdout:
                self.log.info("%s", line.decode("utf-8", "backslashreplace").rstrip())
            return self.process.wait()
        except BaseException:
            self.on_kill()
            raise

    def on_kill(self):
        """Ends the whole process group: gently, then for certain."""
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def secret(root, reference):
    """A secret of this machine: the file .retrain/secrets/SECRET/KEY below the project's folder."""
    path = root / ".retrain/secrets" / reference
    if not path.is_file():
        raise AirflowFailException(f"secret {reference} is not there: write it to {path}")
    text = path.read_text(encoding="utf-8")
    return text.removesuffix("\\n")
`;

const POD = `

class Step(KubernetesPodOperator, BranchMixIn):
    """Runs one pod and follows the edge of the word that it answers."""

    template_fields = ()

    def __init__(self, *, step, **arguments):
        super().__init__(
            name=step["name"],
            startup_timeout_seconds=600,
            on_finish_action="delete_pod",
            log_pod_spec_on_failure=False,
            deferrable=False,
            **arguments,
        )
        self.step = step

    def execute(self, context):
        known = {**known_values(self.step, context), "plan": "".join(PLAN.splitlines())}
        self.pod_template_dict = self.whole_pod(known)
        try:
            super().execute(context)
        except AirflowException as error:
            ended = self.ended()
            if ended is None or not self.step["runtime"] or ended.exit_code in AGAIN:
                raise
            raise AirflowFailException(f"{self.task_id} ended with exit code {ended.exit_code}") from error
        ended = self.ended()
        if ended is None:
            raise AirflowException(f"nobody knows how the pod of {self.task_id} ended")
        found = json.loads(ended.message) if self.step["runtime"] else {"word": "done"}
        for name, text in found.items():
            context["ti"].xcom_push(key=name, value=text)
        self.log.info("answer: %s", found["word"])
        self.do_branch(context, self.step["edges"].get(found["word"], self.step["otherwise"]))

    def whole_pod(self, known):
        """What all pods of the policy have in common, and what is this step's own."""
        container = {**POLICY["container"], **filled(self.step["container"], known)}
        spec = {**POLICY["pod"]["spec"], **self.step["spec"], "containers": [container]}
        return {**POLICY["pod"], "spec": spec}

    def ended(self):
        """How the step's container ended, with the last words in which the runtime answers."""
        status = self.remote_pod.status if self.remote_pod else None
        for one in (status.container_statuses or []) if status else []:
            if one.name == self.base_container_name and one.state:
                return one.state.terminated
        return None
`;

/** Airflow 3.3 only: a file that asks nobody goes without, and is read by both versions. */
const ASKING_IMPORTS = `from airflow.providers.standard.operators.hitl import HITLOperator
`;

const ASKING = `

class Question(HITLOperator):
    """Asks a person in Airflow. The answer reaches the ledger by the stage's own task, which knows what it means."""

    template_fields = ()

    def __init__(self, *, step, **arguments):
        super().__init__(
            subject=step["question"],
            options=["approve", "deny"],
            response_timeout=timedelta(seconds=step["timeout"]),
            **arguments,
        )

    def execute_complete(self, context, event):
        answer, identity = "expired", ""
        if event.get("error_type") != "timeout":
            found = super().execute_complete(context, event)
            person = found["responded_by_user"]
            answer, identity = found["chosen_options"][0], person["name"] or person["id"]
        context["ti"].xcom_push(key="identity", value=identity)
        context["ti"].xcom_push(key="answer", value=answer)
`;

/** The two DAGs. */
const DAGS = `

SHARED = {
    "start_date": datetime(2020, 1, 1, tzinfo=timezone.utc),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {"owner": POLICY["owner"]},
    "tags": POLICY["tags"],
    # Indented text is shown as it stands: nothing in it is markup.
    "doc_md": "\\n".join(
        ["The policy in plain English, by the lines of its file.", "", *("    " + line for line in POLICY["reading"]), ""]
    ),
}

with DAG(
    dag_id=POLICY["tick"]["dag"],
    description="Looks whether it is time to retrain, and looks after rollouts that nobody else looks after.",
    schedule=CronTriggerTimetable(POLICY["tick"]["cron"], timezone="UTC"),
    **SHARED,
):
    tick = Step(task_id="tick", step=POLICY["tick"]["step"], **settings(POLICY["tick"]["step"]))
    start = TriggerDagRunOperator(
        task_id="start",
        trigger_dag_id=POLICY["retrain"]["dag"],
        trigger_run_id="{{ ti.xcom_pull(task_ids='tick', key='run') }}",
        conf={"run": "{{ ti.xcom_pull(task_ids='tick', key='run') }}"},
        skip_when_already_exists=True,
    )
    tick >> Label("started") >> start

with DAG(
    dag_id=POLICY["retrain"]["dag"],
    description="Trains a challenger, judges it and rolls it out. Only the tick starts it.",
    schedule=None,
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(seconds=POLICY["retrain"]["longest"]),
    **SHARED,
):
    last = POLICY["retrain"]["outcome"]
    outcome = Step(task_id="outcome", step=last, trigger_rule="all_done", **settings(last))
    tasks = {"outcome": outcome}
    for task_id, step in POLICY["retrain"]["tasks"].items():
        tasks[task_id] = Step(
            task_id=task_id, step=step, trigger_rule="none_failed_min_one_success", **settings(step)
        )
`;

const QUESTIONS = `    for task_id, step in POLICY["retrain"]["questions"].items():
        tasks[task_id] = Question(task_id=task_id, step=step, retries=3, retry_delay=timedelta(seconds=15))
`;

const EDGES = `    for task_id, step in {**POLICY["retrain"]["tasks"], **POLICY["retrain"].get("questions", {})}.items():
        tasks[task_id] >> outcome
        for word, following in step["edges"].items():
            tasks[task_id] >> Label(word) >> tasks[following]
`;

/** The pieces of a file: what it imports, what its tasks do, the two DAGs. `pods`: steps are pods of their own, else processes of the worker. `asks`: people are asked in Airflow. */
export function programOf({ pods, asks }: { readonly pods: boolean; readonly asks: boolean }): {
  readonly imports: string;
  readonly body: string;
  readonly end: string;
} {
  const asking = asks ? ASKING_IMPORTS : "";
  return {
    imports: pods ? POD_MODULES + POD_SDK + asking + IMPORTS : PROCESS_MODULES + PROCESS_SDK + asking + IMPORTS,
    body: (pods ? POD_WORDS + COMMON + POD : PROCESS_WORDS + COMMON + PROCESS) + (asks ? ASKING : ""),
    end: DAGS + (asks ? QUESTIONS : "") + EDGES,
  };
}
