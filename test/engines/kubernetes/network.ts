import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { addresses, network, ports } from "./places.ts";
import { run } from "./process.ts";

const toServer = (chain: string, action: "-A" | "-D"): string[] => {
  const rule = ["-d", addresses.service, "-p", "tcp", "--dport", "443", "-j", "REDIRECT", "--to-ports"];
  return ["-t", "nat", action, chain, ...rule, String(ports.api)];
};

/** Adds the addresses of node and API server to the loopback device, and leads pods that ask the service to the server. */
export function openNetwork(): void {
  for (const address of [addresses.service, addresses.node]) run("ip", ["addr", "add", `${address}/32`, "dev", "lo"]);
  for (const chain of ["PREROUTING", "OUTPUT"]) run("iptables", toServer(chain, "-A"));
}

/** Takes away what `openNetwork` added and the networks of pods, also those of a cluster that crashed. */
export function closeNetwork(): void {
  for (const address of [addresses.service, addresses.node])
    run("ip", ["addr", "del", `${address}/32`, "dev", "lo"], true);
  for (const chain of ["PREROUTING", "OUTPUT"]) {
    const named = (line: string) => line.includes(addresses.service) && line.includes(String(ports.api));
    const rules = run("iptables", ["-t", "nat", "-S", chain], true).split("\n").filter(named);
    for (const _rule of rules) run("iptables", toServer(chain, "-D"), true);
  }
  // The container runtime keeps a note of each pod's network; that of ours says so.
  const notes = "/var/lib/cni/results";
  if (!existsSync(notes)) return;
  for (const name of readdirSync(notes).filter((file) => file.startsWith(`${network}-`))) {
    const { netns } = JSON.parse(readFileSync(join(notes, name), "utf8")) as { netns?: string };
    if (netns !== undefined && existsSync(netns)) {
      run("umount", [netns], true);
      rmSync(netns, { force: true });
    }
    rmSync(join(notes, name));
  }
}
