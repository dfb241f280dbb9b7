"""Reads documents as Kubeflow Pipelines reads them, strictly. One request a line on standard input: {"id", "text"}; one answer a line: {"id", "error", "documents"}."""

import json
import sys

import yaml
from google.protobuf import json_format
from kfp import components
from kfp.kubernetes import kubernetes_executor_config_pb2 as kubernetes
from kfp.pipeline_spec import pipeline_spec_pb2 as spec

# The same YAML 1.1, read by libyaml: ten times as fast. The SDK's own reader is used for one in `SLOWLY` files.
SLOW = yaml.SafeLoader
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SLOWLY = 20


def read_all(loader):
    yaml.safe_load_all = lambda text: yaml.load_all(text, loader)
    yaml.safe_load = lambda text: yaml.load(text, loader)


def accept(text):
    documents = list(yaml.safe_load_all(text))
    pipeline = documents[0]
    json_format.ParseDict(pipeline, spec.PipelineSpec())
    # The server and the SDK take this part for free-form; the cluster's compiler does not.
    json_format.ParseDict(pipeline["deploymentSpec"], spec.PipelineDeploymentConfig())
    if len(documents) > 1:
        platforms = documents[1]
        json_format.ParseDict(platforms, spec.PlatformSpec())
        part = platforms["platforms"]["kubernetes"]
        json_format.ParseDict(part.get("pipelineConfig", {}), spec.PipelineConfig())
        for label, config in part["deploymentSpec"]["executors"].items():
            if label not in pipeline["deploymentSpec"]["executors"]:
                raise ValueError(f"the platform configures {label}, which is no executor")
            json_format.ParseDict(config, kubernetes.KubernetesExecutorConfig())
    if len(documents) > 2:
        raise ValueError(f"{len(documents)} documents")
    components.load_component_from_text(text)
    return documents


for number, line in enumerate(sys.stdin):
    request = json.loads(line)
    read_all(SLOW if number % SLOWLY == 0 else FAST)
    try:
        documents = accept(request["text"])
        answer = {"id": request["id"], "documents": documents if request["read"] else None}
    except Exception as error:  # noqa: BLE001 any refusal is an answer
        answer = {"id": request["id"], "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
