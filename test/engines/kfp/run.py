"""Carries out a generated pipeline with Kubeflow's own local orchestrator.

Usage: run.py SETTINGS.json, with {"file", "parameters", "mount", "folder", "root", "report"}. The file is read as it is. What stands for a cluster is
here and nowhere else: containers are processes of this machine, `mount` (where the pods would see the shared disk) is `folder`, and `$$` is `$` again
as Kubernetes would have it. The report holds the state and, in order, each process that was started, with its exit code.
"""

import json
import os
import subprocess
import sys
import time
import types

from kfp import components, local
from kfp.local import subprocess_task_handler as handler
from kfp.local.orchestrator import task_executor

settings = json.load(open(sys.argv[1]))
mount, folder = settings["mount"], settings["folder"]
started = []

for name in ("validate_image", "validate_not_container_component", "validate_not_containerized_python_component"):
    setattr(handler.SubprocessTaskHandler, name, lambda self, *rest: None)


def as_in_a_pod(word):
    return word.replace("$$", "$").replace(mount + "/", folder + "/") if word != mount else folder


def run(full_command, env_vars=None):
    words = [as_in_a_pod(word) for word in full_command]
    env = {**os.environ, **{name: as_in_a_pod(value) for name, value in (env_vars or {}).items()}}
    if words[0] != "retrain-runtime":
        # Only the runtime's steps are given the secret of the ledger.
        env.pop("RETRAIN_LEDGER_URL", None)
    code = subprocess.run(words, env=env, cwd=folder, stdout=sys.stderr).returncode
    started.append({"words": words, "code": code})
    return code


handler.run_local_subprocess = run
# Retries wait as long as the policy says; a test waits a moment.
task_executor.time = types.SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, 0.2)))

local.init(runner=local.SubprocessRunner(use_venv=False), pipeline_root=settings["root"], raise_on_error=True)
pipeline = components.load_component_from_file(settings["file"])
try:
    pipeline(**settings["parameters"])
    state = "SUCCEEDED"
except RuntimeError as error:
    state = f"FAILED: {error}"
json.dump({"state": state, "started": started}, open(settings["report"], "w"))
