import { begin } from "./command.ts";
import { Failure } from "./failure.ts";
import { openParticipant } from "./participant.ts";
import { FLIGHTS_FILE } from "./prepare.ts";
import { renamedDestinations } from "./rename.ts";
import { openReplayer } from "./replay.ts";

const SERVER = "http://127.0.0.1:9090";
const DAY = 86_400_000;
/** How long requests go on after a challenger has left the route: long enough for the way back to be seen in the traffic. */
const AFTERWARDS = 3_600_000;

interface Route {
  readonly champion?: string;
  readonly challenger?: string;
  readonly share: number;
  readonly mirror: number;
}

/** What happens outside of the pipeline: the model server, the passengers' requests, and the team's webhook. */
export interface World {
  /** Upstream renames the busiest destinations from now on, once a challenger answers live requests. */
  renameInCanary(): void;
  /** Requests sent so far, and how many of them failed. */
  readonly requests: { sent: number; failed: number };
  close(): Promise<void>;
}

/** Starts the model server and the listener on port 9099. */
export async function openWorld(options: { readonly say: (line: string) => void }): Promise<World> {
  const server = begin(["serve", "flight_delays"], {
    say: (line) => {
      if (!line.startsWith("serving")) options.say(line);
    },
  });
  await untilHealthy(server.finished);
  const replayer = openReplayer(SERVER, FLIGHTS_FILE);
  const requests = { sent: 0, failed: 0 };
  let renameAllowed = false;
  let renaming = false;
  /** Passengers do not stop asking because a challenger was taken back. */
  let openUntil = Number.NEGATIVE_INFINITY;
  /** When each challenger was first seen in the route. */
  const firstSeen = new Map<string, number>();

  const participant = await openParticipant({
    port: 9099,
    say: (line) => options.say(line),
    onClock: async (stretch) => {
      const route = (await (await fetch(`${SERVER}/route`)).json()) as Route;
      const { challenger, share, mirror } = route;
      if (challenger !== undefined && share + mirror > 0) openUntil = stretch.to + AFTERWARDS;
      if (stretch.from >= openUntil) return;
      const since = firstSeen.get(challenger ?? "") ?? stretch.from;
      if (challenger !== undefined) firstSeen.set(challenger, since);
      const promoted = participant.messages.find((one) => one.event === "promoted" && Date.parse(one.at) >= since);
      // Requests are played while a rollout or its watch of one day is open; at other times nothing is compared and nobody is asked.
      if (promoted !== undefined && stretch.from >= Date.parse(promoted.at) + DAY) return;
      if (renameAllowed && share > 0 && share < 1) renaming = true;
      const counts = await replayer.replay(stretch, renaming ? renamedDestinations : undefined);
      requests.sent += counts.sent;
      requests.failed += counts.failed;
    },
  });

  return {
    renameInCanary: () => {
      renameAllowed = true;
    },
    requests,
    async close() {
      await participant.close();
      replayer.close();
      server.child.kill("SIGTERM");
      await server.finished;
    },
  };
}

async function untilHealthy(finished: Promise<{ code: number }>): Promise<void> {
  let ended: number | undefined;
  void finished.then(({ code }) => {
    ended = code;
  });
  for (let tries = 0; tries < 200; tries += 1) {
    if (ended !== undefined) throw new Failure(`the model server ended with exit code ${ended}`);
    const answer = await fetch(`${SERVER}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Failure("the model server did not become ready within 10 s");
}
