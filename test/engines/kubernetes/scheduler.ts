import { setTimeout as sleep } from "node:timers/promises";
import { call, get } from "./api.ts";

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly nodeName?: string };
}

/** Puts every pod that waits for a node on this one: all the scheduling that a cluster of one node needs. Gives what stops it. */
export function scheduler(node: string): () => void {
  const stop = new AbortController();
  void (async () => {
    while (!stop.signal.aborted) {
      try {
        const { items } = await get<{ items: readonly Pod[] }>("/api/v1/pods?fieldSelector=spec.nodeName%3D");
        for (const { metadata } of items) {
          await call("POST", `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/binding`, {
            apiVersion: "v1",
            kind: "Binding",
            metadata: { name: metadata.name },
            target: { kind: "Node", name: node },
          });
        }
      } catch {
        // The server is not there for a moment; the next look tries again.
      }
      await sleep(150, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  return () => stop.abort();
}
