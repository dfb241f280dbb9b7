"""Builds the pods of a generated file with the provider's own builder, as Kubernetes would be sent them. Prints one JSON object by task."""

import json
import logging
import os
import runpy
import sys
import tempfile

home = tempfile.mkdtemp(prefix="airflow-pods-")
os.environ.update(
    AIRFLOW_HOME=home,
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{home}/airflow.db",
)
logging.disable(logging.CRITICAL)

known = json.loads(sys.argv[2])
names = runpy.run_path(sys.argv[1])


def sent(operator):
    from kubernetes.client import ApiClient

    operator.pod_template_dict = operator.whole_pod({**known, "plan": "".join(names["PLAN"].splitlines())})
    return ApiClient().sanitize_for_serialization(operator.build_pod_request_obj(dry_run=True))


def carried(operator, exit_code, message):
    """What a task does when its pod has ended so; Kubernetes itself is left out."""
    from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
    from airflow.providers.common.compat.sdk import AirflowException
    from kubernetes.client import models as k8s

    terminated = None if exit_code is None else k8s.V1ContainerStateTerminated(exit_code=exit_code, message=message)
    status = k8s.V1ContainerStatus(
        name="base", image="", image_id="", ready=False, restart_count=0, state=k8s.V1ContainerState(terminated=terminated)
    )

    def ended(self, context):
        self.remote_pod = k8s.V1Pod(status=k8s.V1PodStatus(container_statuses=[status]))
        if exit_code != 0:
            raise AirflowException("the pod failed")

    class Instance:
        pushed = {}

        def xcom_push(self, key, value):
            self.pushed[key] = value

        def xcom_pull(self, task_ids, key):
            return known.get(key)

    class Run:
        conf = {"run": known["run"]}

    instance, way = Instance(), []
    instance.pushed = {}
    operator.do_branch = lambda context, following: way.append(following)
    whole, KubernetesPodOperator.execute = KubernetesPodOperator.execute, ended
    try:
        operator.execute({"ti": instance, "dag_run": Run(), "run_id": known["run"]})
        return {"pushed": instance.pushed, "way": way}
    except AirflowException as error:
        return {"raised": type(error).__name__}
    finally:
        KubernetesPodOperator.execute = whole


pods = {"tick": sent(names["tick"])}
for name, operator in names["tasks"].items():
    if hasattr(operator, "whole_pod"):
        pods[name] = sent(operator)
print("PODS " + json.dumps(pods))
gate, train = names["tasks"]["gate_offline"], names["tasks"]["train"]
ends = {
    "pass": carried(gate, 0, '{"word": "pass"}'),
    "fail": carried(gate, 0, '{"word": "fail"}'),
    "values": carried(names["tasks"]["snapshot"], 0, '{"word": "ready", "champion.uri": "/work/1"}'),
    "again": carried(gate, 75, ""),
    "killed": carried(gate, 137, ""),
    "for good": carried(gate, 3, ""),
    "evicted": carried(gate, None, ""),
    "author's": carried(train, 1, ""),
    "author's done": carried(train, 0, ""),
}
print("ENDS " + json.dumps(ends))
