import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Built programs outlive a clone: building them takes ten minutes. */
export const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "retrain-engines");

export const programs = join(cache, "bin");

/** Where a cluster writes: always the same folder, so that the next start finds what a crash left. Short, since sockets lie in it. */
export const root = "/tmp/retrain-cluster";

export const places = {
  logs: join(root, "log"),
  keys: join(root, "keys"),
  /** Socket of the container runtime. */
  containerd: join(root, "containerd.sock"),
  /** The disk that the claim `work` stands for. */
  volume: join(root, "volume"),
} as const;

export function makePlaces(): void {
  for (const folder of [places.logs, places.keys, places.volume]) mkdirSync(folder, { recursive: true });
}

/** Addresses on the loopback device. A node may not have a loopback address of its own (127.0.0.1), and pods reach the API server under that of its service. */
export const addresses = { service: "10.96.0.1", node: "10.97.0.1", pods: "10.88.0.0/16" } as const;

/** Name of the pods' network; by it what a crash left is found. */
export const network = "retrain-cluster";

/** Ports of this cluster alone. The controller's two cannot be chosen. */
export const ports = { etcd: 23790, etcdPeer: 23800, api: 16443, controllerHealth: 6060 } as const;

/** The namespace that the tests' policies are compiled for. */
export const NAMESPACE = "default";

/** The user of every pod. */
export const USER = 8737;
