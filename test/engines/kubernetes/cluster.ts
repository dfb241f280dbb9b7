import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { call } from "./api.ts";
import { furnish, installArgo } from "./furnish.ts";
import { author, executor, type Image, pause, runtime, writeImage } from "./images.ts";
import { claimRoot, processes, removeCluster, runningOwner } from "./leftovers.ts";
import { openNetwork } from "./network.ts";
import { makePlaces, places, ports, programs, root } from "./places.ts";
import { run, Server } from "./process.ts";
import { scheduler } from "./scheduler.ts";
import {
  apiServerWords,
  containerdWords,
  controllerEnvironment,
  controllerWords,
  etcdWords,
  kubeletWords,
  NODE,
} from "./servers.ts";

/** Debian packages that the cluster is made of, by a program of each. */
const DEBIAN = {
  etcd: "etcd-server",
  containerd: "containerd",
  runc: "runc",
  iptables: "iptables",
  ip: "iproute2",
  busybox: "busybox-static",
} as const;

/** Programs that `npm run engines:build` builds. */
const BUILT = ["kube-apiserver", "kubelet", "workflow-controller", "argoexec"] as const;

/** What is missing for a cluster on this machine, and how to get it; undefined where nothing is. */
export function missingCluster(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "a cluster needs Linux and root";
  const packages = Object.entries(DEBIAN).filter(([program]) => run("which", [program], true) === "");
  const cni = existsSync("/usr/lib/cni/ptp") ? [] : ["containernetworking-plugins"];
  const names = [...packages.map(([, name]) => name), ...cni];
  if (names.length > 0) return `on Debian: apt-get install ${names.join(" ")}`;
  const built = BUILT.filter((name) => !existsSync(join(programs, name)));
  return built.length > 0
    ? `${built.join(", ")} are not built: npm run engines:build (needs Go, about ten minutes)`
    : undefined;
}

/** A Kubernetes of one node with Argo's controller: real API server, kubelet, container runtime and pods. */
export interface Cluster {
  /** Ends the controller as a crash would. */
  killController(): Promise<void>;
  startController(): Promise<void>;
  stop(): Promise<void>;
}

/** A cluster that stands already (`node test/engines/kubernetes/up.run.ts`), with images of this checkout, or a new one. */
export async function openCluster(repository: string, say: (line: string) => void): Promise<Cluster> {
  if (runningOwner() === undefined) return startCluster(repository, say);
  loadAll([runtime(repository), author(repository)]);
  say("joined the cluster that stands");
  return { killController, startController, stop: async () => {} };
}

const isController = (words: string) => words.includes("/workflow-controller ");

async function killController(): Promise<void> {
  for (const pid of processes(isController)) process.kill(pid, "SIGKILL");
  while (processes(isController).length > 0) await new Promise((wake) => setTimeout(wake, 50));
}

async function startController(): Promise<void> {
  const program = join(programs, "workflow-controller");
  const controller = new Server("workflow-controller", places.logs, program, controllerWords(), controllerEnvironment);
  await controller.until(async () => (await fetch(`http://127.0.0.1:${ports.controllerHealth}/healthz`)).ok);
}

/** Brings a cluster up from nothing, after removing what a crashed one left. `say` is told of each part that is ready. Refuses where one is running. */
export async function startCluster(repository: string, say: (line: string) => void): Promise<Cluster> {
  const missing = missingCluster();
  if (missing !== undefined) throw new Error(missing);
  const running = runningOwner();
  if (running !== undefined) throw new Error(`the cluster of process ${running} is running; only one fits a machine`);
  await removeCluster();
  makePlaces();
  claimRoot();
  const began = performance.now();
  const ready = (what: string) => say(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${what}`);
  const start = (name: string, program: string, words: readonly string[], environment = {}) =>
    new Server(name, places.logs, program, words, environment);
  let stopScheduler = () => {};
  const stop = async () => {
    stopScheduler();
    await removeCluster();
  };
  try {
    openNetwork();
    const etcd = start("etcd", "etcd", etcdWords());
    await etcd.until(async () => (await fetch(`http://127.0.0.1:${ports.etcd}/health`)).ok);
    ready("etcd");
    const containerd = start("containerd", "containerd", containerdWords());
    await containerd.until(async () => run("ctr", ["-a", places.containerd, "version"], true) !== "");
    const api = start("kube-apiserver", join(programs, "kube-apiserver"), apiServerWords());
    loadAll([pause, executor(join(programs, "argoexec")), runtime(repository), author(repository)]);
    ready("containerd with its images");
    await api.until(async () => (await call("GET", "/readyz")).status === 200, 120);
    ready("API server");
    await installArgo();
    ready("definitions of Argo");
    await furnish();
    const kubelet = start("kubelet", join(programs, "kubelet"), kubeletWords());
    await kubelet.until(async () => (await call("GET", `/api/v1/nodes/${NODE}`)).status === 200);
    ready("node");
    stopScheduler = scheduler(NODE);
    await startController();
    ready("Argo's controller");
    return { killController, startController, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function loadAll(images: readonly Image[]): void {
  for (const image of images) {
    const file = join(root, `${image.name.replace(/\W+/g, "-")}.tar`);
    writeImage(image, file);
    run("ctr", ["-a", places.containerd, "-n", "k8s.io", "images", "import", file]);
    rmSync(file);
  }
}
