import { Agent, createServer, request, type Server } from "node:http";

/** What happens to the next change of the route that fits. */
export interface Ambush {
  /** `before`: the change never reaches the server. `after`: it is done there, and its answer never comes back. */
  readonly side: "before" | "after";
  /** Which change, counted from 0 since the ambush was laid. */
  readonly nth: number;
  /** Kills whoever asked, and waits until it is gone. */
  readonly strike: () => Promise<void>;
}

/** An HTTP proxy between `retrain` and its model server. */
export class RouteProxy {
  readonly #server: Server;
  #ambush: Ambush | undefined;
  #changes = 0;

  constructor(to: number) {
    const agent = new Agent({ keepAlive: true });
    this.#server = createServer((incoming, outgoing) => {
      const { method, url, headers } = incoming;
      const isStruck = method === "PUT" && url === "/route" && this.#ambush?.nth === this.#changes;
      if (method === "PUT" && url === "/route") this.#changes += 1;
      const ambush = isStruck ? this.#ambush : undefined;
      if (isStruck) this.#ambush = undefined;
      const giveUp = () => outgoing.destroy();
      const strike = () => void ambush?.strike().then(giveUp);
      if (ambush?.side === "before") {
        strike();
        return;
      }
      const sent = request({ agent, host: "127.0.0.1", port: to, method, path: url, headers }, (answer) => {
        if (ambush !== undefined) {
          answer.resume().on("end", strike);
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      sent.on("error", giveUp);
      incoming.pipe(sent);
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  /** Lays an ambush for one change of the route; the count of changes begins anew. */
  lay(ambush: Ambush | undefined): void {
    this.#changes = 0;
    this.#ambush = ambush;
  }

  /** Changes of the route since the count began. */
  get changes(): number {
    return this.#changes;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
