import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Built programs outlive a clone: building them takes ten minutes. */
export const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "retrain-engines");

export const programs = join(cache, "bin");

/** Everything that a cluster writes; removed when it is torn down. */
export interface Places {
  readonly root: string;
  readonly logs: string;
  readonly keys: string;
  readonly containerd: string;
  readonly volume: string;
}

export function placesIn(root: string): Places {
  const places = {
    root,
    logs: join(root, "log"),
    keys: join(root, "keys"),
    containerd: join(root, "containerd.sock"),
    volume: join(root, "volume"),
  };
  for (const folder of [places.logs, places.keys, places.volume]) mkdirSync(folder, { recursive: true });
  return places;
}

/** Addresses on the loopback device. A node may not have a loopback address of its own (127.0.0.1), and pods reach the API server under that of its service. */
export const addresses = { service: "10.96.0.1", node: "10.97.0.1", pods: "10.88.0.0/16" } as const;

/** Ports of this cluster alone. */
export const ports = { etcd: 23790, etcdPeer: 23800, api: 16443, controllerHealth: 6060 } as const;
