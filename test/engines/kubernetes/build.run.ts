import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache, programs } from "./places.ts";

/** The programs of the cluster that no Debian package has: built by Go once, into a folder that outlives a clone. */

const ARGO = "github.com/argoproj/argo-workflows/v4";
const KUBERNETES = "k8s.io/kubernetes";
const argo = join(import.meta.dirname, "argo");
const servers = join(import.meta.dirname, "servers");

function go(folder: string, ...words: readonly string[]): string {
  return execFileSync("go", ["-C", folder, ...words], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=mod" },
  }).trim();
}

const version = (folder: string, module: string) => go(folder, "list", "-m", "-f", "{{.Version}}", module);

function build(folder: string, name: string, module: string, flags: readonly string[], extra: readonly string[] = []) {
  const file = join(programs, name);
  if (existsSync(file)) return;
  const began = performance.now();
  go(
    folder,
    "build",
    ...extra,
    "-trimpath",
    "-ldflags",
    ["-s", "-w", ...flags].join(" "),
    "-o",
    file,
    `${module}/cmd/${name}`,
  );
  process.stdout.write(`${name} built in ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
}

/**
 * The module that is published has no `signal_linux.go`, so the executor does not compile for Linux as it is. A copy
 * in the cache gets that file from us; a second go.mod, in the cache too, leads there. Gives the flag that names it.
 */
function executorModule(): readonly string[] {
  const source = join(cache, "argo-source");
  rmSync(source, { recursive: true, force: true });
  cpSync(go(argo, "list", "-m", "-f", "{{.Dir}}", ARGO), source, { recursive: true });
  execFileSync("chmod", ["-R", "u+w", source]);
  copyFileSync(join(argo, "signal_linux.go.txt"), join(source, "workflow/executor/osspecific/signal_linux.go"));
  const module = join(cache, "executor.mod");
  copyFileSync(join(argo, "go.mod"), module);
  copyFileSync(join(argo, "go.sum"), join(cache, "executor.sum"));
  go(argo, "mod", "edit", "-replace", `${ARGO}=${source}`, module);
  return [`-modfile=${module}`];
}

mkdirSync(programs, { recursive: true });
const kubernetes = version(servers, KUBERNETES);
const [, major = "", minor = ""] = /^v(\d+)\.(\d+)/.exec(kubernetes) ?? [];
const stamp = "-X k8s.io/component-base/version.git";
const kubernetesFlags = [`${stamp}Version=${kubernetes}`, `${stamp}Major=${major}`, `${stamp}Minor=${minor}`];
for (const name of ["kube-apiserver", "kubelet"]) build(servers, name, KUBERNETES, kubernetesFlags);
const argoFlags = [`-X ${ARGO}.version=${version(argo, ARGO)}`];
build(argo, "workflow-controller", ARGO, argoFlags);
if (!existsSync(join(programs, "argoexec"))) build(argo, "argoexec", ARGO, argoFlags, executorModule());
