import { generateKeyPairSync } from "node:crypto";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apply, call, get, readText, TOKEN } from "./api.ts";
import { executor, type Image, pause, runtime, writeImage } from "./images.ts";
import { addresses, type Places, placesIn, ports, programs } from "./places.ts";
import { run, Server } from "./process.ts";
import { scheduler } from "./scheduler.ts";

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
  readonly places: Places;
  readonly namespace: string;
  /** Folder of the disk that the claim `work` of the namespace stands for. */
  readonly volume: string;
  load(image: Image): Promise<void>;
  /** Kills the controller as a crash would, and starts it again. */
  restartController(): Promise<void>;
  stop(): Promise<void>;
}

const NAMESPACE = "ml";
const CRDS = ["workflows", "workflowtemplates", "cronworkflows", "workflowtaskresults"];

/** Brings a cluster up from nothing. `say` is told of each part that is ready. */
export async function startCluster(repository: string, say: (line: string) => void): Promise<Cluster> {
  const missing = missingCluster();
  if (missing !== undefined) throw new Error(missing);
  const places = placesIn(mkdtempSync(join(tmpdir(), "retrain-cluster-")));
  const servers: Server[] = [];
  const began = performance.now();
  const ready = (what: string) => say(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${what}`);
  const start = (...words: ConstructorParameters<typeof Server>) => {
    const server = new Server(...words);
    servers.push(server);
    return server;
  };
  const cleanUp: (() => void)[] = [];
  const stop = async () => {
    for (const server of servers.reverse())
      if (server.name !== "containerd" && server.name !== "etcd") await server.stop();
    removeContainers(places);
    for (const server of servers) await server.stop();
    for (const undo of cleanUp.reverse()) undo();
    unmount(places.root);
    rmSync(places.root, { recursive: true, force: true });
  };
  try {
    cleanUp.push(...openNetwork());
    const etcd = start("etcd", places.logs, "etcd", [
      `--data-dir=${places.root}/etcd`,
      `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
      `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
      `--initial-cluster=default=http://127.0.0.1:${ports.etcdPeer}`,
      "--unsafe-no-fsync",
      "--log-level=warn",
    ]);
    await etcd.until(async () => (await fetch(`http://127.0.0.1:${ports.etcd}/health`)).ok);
    ready("etcd");
    const load = async (image: Image) => {
      const file = join(places.root, "images", `${image.name.replace(/\W+/g, "-")}.tar`);
      writeImage(image, file);
      run("ctr", ["-a", places.containerd, "-n", "k8s.io", "images", "import", file], true);
      rmSync(file);
    };
    const containerd = start("containerd", places.logs, "containerd", ["-c", containerdConfiguration(places)]);
    await containerd.until(async () => run("ctr", ["-a", places.containerd, "version"], true) !== "");
    for (const image of [pause, executor(join(programs, "argoexec")), runtime(repository)]) await load(image);
    ready("containerd with its images");
    const api = start("kube-apiserver", places.logs, join(programs, "kube-apiserver"), apiServerWords(places));
    await api.until(async () => (await call("GET", "/readyz")).status === 200, 120);
    ready("API server");
    await installArgo();
    ready("definitions of Argo");
    await furnish(places);
    const kubelet = start("kubelet", places.logs, join(programs, "kubelet"), kubeletWords(places));
    await kubelet.until(async () => (await call("GET", "/api/v1/nodes/n1")).status === 200);
    ready("node");
    const stopScheduler = scheduler("n1");
    cleanUp.push(stopScheduler);
    const controllerWords = [
      "--kubeconfig",
      kubeconfig(places),
      "--namespaced",
      "--executor-image",
      "local.test/argoexec:1",
    ];
    const startController = async () => {
      const controller = start(
        "workflow-controller",
        places.logs,
        join(programs, "workflow-controller"),
        [...controllerWords, "--managed-namespace", NAMESPACE, "--namespace", NAMESPACE],
        // A workflow rests this long between two looks; its default of ten seconds makes small ones slow.
        {
          LEADER_ELECTION_DISABLE: "true",
          DEFAULT_REQUEUE_TIME: "200ms",
          CRON_SYNC_PERIOD: "1s",
          ARGO_NAMESPACE: NAMESPACE,
        },
      );
      await controller.until(async () => (await fetch(`http://127.0.0.1:${ports.controllerHealth}/healthz`)).ok);
      return controller;
    };
    let controller = await startController();
    ready("Argo's controller");
    return {
      places,
      namespace: NAMESPACE,
      volume: places.volume,
      load,
      async restartController() {
        controller.kill();
        await controller.stop();
        controller = await startController();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Adds the addresses of node and API server to the loopback device, and leads pods that ask the service to the server. Gives what undoes it. */
function openNetwork(): (() => void)[] {
  const undo: (() => void)[] = [];
  for (const address of [addresses.service, addresses.node]) {
    run("ip", ["addr", "add", `${address}/32`, "dev", "lo"], true);
    undo.push(() => void run("ip", ["addr", "del", `${address}/32`, "dev", "lo"], true));
  }
  const rule = [
    "-d",
    addresses.service,
    "-p",
    "tcp",
    "--dport",
    "443",
    "-j",
    "REDIRECT",
    "--to-ports",
    String(ports.api),
  ];
  for (const chain of ["PREROUTING", "OUTPUT"]) {
    run("iptables", ["-t", "nat", "-A", chain, ...rule]);
    undo.push(() => void run("iptables", ["-t", "nat", "-D", chain, ...rule], true));
  }
  return undo;
}

function containerdConfiguration({ root, containerd }: Places): string {
  const file = join(root, "containerd.toml");
  const network = {
    cniVersion: "0.4.0",
    name: "ptp",
    plugins: [
      {
        type: "ptp",
        ipMasq: false,
        ipam: {
          type: "host-local",
          subnet: addresses.pods,
          routes: [{ dst: "0.0.0.0/0" }],
          dataDir: `${root}/cni-data`,
        },
      },
    ],
  };
  run("mkdir", ["-p", join(root, "cni")]);
  writeFileSync(join(root, "cni/10-ptp.conflist"), JSON.stringify(network));
  writeFileSync(
    file,
    `version = 2
root = "${root}/containerd/root"
state = "${root}/containerd/state"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
  address = "${containerd}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pause.name}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${root}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
`,
  );
  return file;
}

function apiServerWords({ keys }: Places): string[] {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = join(keys, "accounts.key");
  writeFileSync(key, privateKey.export({ type: "pkcs1", format: "pem" }));
  writeFileSync(join(keys, "tokens.csv"), `${TOKEN},admin,admin,system:masters\n`);
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--cert-dir=${keys}/api`,
    `--secure-port=${ports.api}`,
    "--bind-address=0.0.0.0",
    "--service-cluster-ip-range=10.96.0.0/24",
    // The rights that the generated Role gives are what a step has: nothing more is allowed.
    "--authorization-mode=RBAC",
    `--token-auth-file=${keys}/tokens.csv`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${key}`,
    `--service-account-key-file=${key}`,
    "--disable-admission-plugins=TaintNodesByCondition",
    "--allow-privileged=true",
    "--kubelet-preferred-address-types=InternalIP",
    "--v=1",
  ];
}

function kubeconfig({ root }: Places): string {
  const file = join(root, "kubeconfig");
  const configuration = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: `https://127.0.0.1:${ports.api}`, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token: TOKEN } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: NAMESPACE } }],
    "current-context": "x",
  };
  writeFileSync(file, JSON.stringify(configuration));
  return file;
}

function kubeletWords(places: Places): string[] {
  const { root, containerd, keys } = places;
  const file = join(root, "kubelet.json");
  const configuration = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: "AlwaysAllow" },
    containerRuntimeEndpoint: `unix://${containerd}`,
    cgroupDriver: "cgroupfs",
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    makeIPTablesUtilChains: false,
    evictionHard: { "nodefs.available": "0%", "imagefs.available": "0%", "memory.available": "1Mi" },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    podPidsLimit: -1,
    registerNode: true,
    healthzBindAddress: "127.0.0.1",
    podLogsDir: `${root}/pod-logs`,
  };
  writeFileSync(file, JSON.stringify(configuration));
  return [
    `--config=${file}`,
    `--kubeconfig=${kubeconfig(places)}`,
    `--root-dir=${root}/kubelet`,
    `--cert-dir=${keys}/kubelet`,
    "--hostname-override=n1",
    `--node-ip=${addresses.node}`,
    "--v=2",
  ];
}

/** Applies Argo's own definitions, as its module holds them, and waits until they are served. */
async function installArgo(): Promise<void> {
  const module = run("go", [
    "-C",
    join(import.meta.dirname, "argo"),
    "list",
    "-m",
    "-f",
    "{{.Dir}}",
    "github.com/argoproj/argo-workflows/v4",
  ]);
  for (const file of globSync(`${module.trim()}/manifests/base/crds/minimal/argoproj.io_*.yaml`)) {
    const name = `${/argoproj\.io_(\w+)\.yaml$/.exec(file)?.[1] ?? ""}.argoproj.io`;
    await apply(
      { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name } },
      readText(file),
    );
  }
  for (const plural of CRDS) {
    while ((await call("GET", `/apis/argoproj.io/v1alpha1/${plural}`)).status !== 200)
      await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** What a controller-manager and an administrator would make: namespace, account, certificates, the disk. */
async function furnish({ keys, volume }: Places): Promise<void> {
  const namespace = NAMESPACE;
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } });
  const certificate = readFileSync(join(keys, "api/apiserver.crt"), "utf8");
  await apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "kube-root-ca.crt", namespace },
    data: { "ca.crt": certificate },
  } as Parameters<typeof apply>[0]);
  await apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "workflow-controller-configmap", namespace },
    data: {},
  } as Parameters<typeof apply>[0]);
  const size = { storage: "1Gi" };
  const claim = {
    accessModes: ["ReadWriteMany"],
    storageClassName: "",
    volumeName: "work",
    resources: { requests: size },
  };
  await apply({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "work", namespace },
    spec: claim,
  } as Parameters<typeof apply>[0]);
  const { metadata } = await get<{ metadata: { uid: string } }>(
    `/api/v1/namespaces/${namespace}/persistentvolumeclaims/work`,
  );
  await apply({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "work" },
    spec: {
      capacity: size,
      accessModes: ["ReadWriteMany"],
      hostPath: { path: volume },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name: "work", namespace, uid: metadata.uid },
    },
  } as Parameters<typeof apply>[0]);
  // No controller binds them here: both are told that they are bound.
  for (const path of [
    "/api/v1/persistentvolumes/work",
    `/api/v1/namespaces/${namespace}/persistentvolumeclaims/work`,
  ]) {
    const { status, body } = await call(
      "PATCH",
      `${path}/status`,
      { status: { phase: "Bound" } },
      "application/merge-patch+json",
    );
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
  }
}

function removeContainers({ containerd }: Places): void {
  if (!existsSync(containerd)) return;
  const ctr = (...words: string[]) => run("ctr", ["-a", containerd, "-n", "k8s.io", ...words], true);
  for (const task of ctr("tasks", "ls", "-q").split("\n").filter(Boolean)) ctr("tasks", "kill", "-s", "SIGKILL", task);
  for (const container of ctr("containers", "ls", "-q").split("\n").filter(Boolean)) {
    ctr("tasks", "rm", "-f", container);
    ctr("containers", "rm", container);
  }
}

function unmount(root: string): void {
  const mounted = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${root}/`));
  for (const path of mounted.sort().reverse()) run("umount", ["-l", path], true);
}
