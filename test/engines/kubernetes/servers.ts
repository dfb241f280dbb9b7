import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TOKEN } from "./api.ts";
import { pause } from "./images.ts";
import { addresses, NAMESPACE, network, places, ports, root } from "./places.ts";

/** Command lines and configuration of the cluster's servers. */

const NODE_TOKEN = "node-token";
export const NODE = "n1";

export function etcdWords(): string[] {
  const [own, peer] = [`http://127.0.0.1:${ports.etcd}`, `http://127.0.0.1:${ports.etcdPeer}`];
  return [
    `--data-dir=${root}/etcd`,
    `--listen-client-urls=${own}`,
    `--advertise-client-urls=${own}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

export function containerdWords(): string[] {
  const ipam = {
    type: "host-local",
    subnet: addresses.pods,
    routes: [{ dst: "0.0.0.0/0" }],
    dataDir: `${root}/cni-data`,
  };
  const plugins = [{ type: "ptp", ipMasq: false, ipam }];
  mkdirSync(join(root, "cni"), { recursive: true });
  writeFileSync(join(root, "cni/10-ptp.conflist"), JSON.stringify({ cniVersion: "0.4.0", name: network, plugins }));
  const file = join(root, "containerd.toml");
  writeFileSync(
    file,
    `version = 2
root = "${root}/containerd/root"
state = "${root}/containerd/state"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
  address = "${places.containerd}"
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
  return ["-c", file];
}

export function apiServerWords(): string[] {
  const { keys } = places;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = join(keys, "accounts.key");
  writeFileSync(key, privateKey.export({ type: "pkcs1", format: "pem" }));
  const people = [`${TOKEN},admin,admin,system:masters`, `${NODE_TOKEN},system:node:${NODE},${NODE},system:nodes`];
  writeFileSync(join(keys, "tokens.csv"), `${people.join("\n")}\n`);
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--cert-dir=${keys}/api`,
    `--secure-port=${ports.api}`,
    "--bind-address=0.0.0.0",
    "--service-cluster-ip-range=10.96.0.0/24",
    // The rights that the generated Role gives are all that a step has, and the node sees what its pods name.
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
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

function kubeconfig(name: string, token: string): string {
  const file = join(root, `${name}.kubeconfig`);
  const cluster = { server: `https://127.0.0.1:${ports.api}`, "insecure-skip-tls-verify": true };
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster }],
      users: [{ name: "u", user: { token } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: NAMESPACE } }],
      "current-context": "x",
    }),
  );
  return file;
}

export function kubeletWords(): string[] {
  const file = join(root, "kubelet.json");
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
      authorization: { mode: "AlwaysAllow" },
      containerRuntimeEndpoint: `unix://${places.containerd}`,
      // A machine of the first kind of cgroups is as good as one of the second.
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
    }),
  );
  return [
    `--config=${file}`,
    `--kubeconfig=${kubeconfig("kubelet", NODE_TOKEN)}`,
    `--root-dir=${root}/kubelet`,
    `--cert-dir=${places.keys}/kubelet`,
    `--hostname-override=${NODE}`,
    `--node-ip=${addresses.node}`,
    "--v=2",
  ];
}

export function controllerWords(): string[] {
  return [
    `--kubeconfig=${kubeconfig("controller", TOKEN)}`,
    "--namespaced",
    `--namespace=${NAMESPACE}`,
    `--managed-namespace=${NAMESPACE}`,
    "--executor-image=local.test/argoexec:1",
    "--executor-image-pull-policy=IfNotPresent",
  ];
}

export const controllerEnvironment = {
  LEADER_ELECTION_DISABLE: "true",
  // A workflow rests this long between two looks; its default of ten seconds makes small ones slow.
  DEFAULT_REQUEUE_TIME: "200ms",
  CRON_SYNC_PERIOD: "1s",
  ARGO_NAMESPACE: NAMESPACE,
} as const;
