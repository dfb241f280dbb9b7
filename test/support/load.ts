import { Agent, request } from "node:http";

export interface LoadAnswer {
  readonly status: number;
  readonly body: string;
  /** Real time from sending to the whole answer, milliseconds. */
  readonly latency: number;
}

/** Sends `count` requests for predictions over kept connections, at most `concurrency` at once, and gives the answers in the order of the requests. */
export async function load(
  url: string,
  count: number,
  concurrency: number,
  make: (at: number) => { readonly key: string; readonly features: object; readonly time?: string },
): Promise<{ readonly answers: readonly LoadAnswer[]; readonly seconds: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const answers: LoadAnswer[] = [];
  const start = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const at = next++;
      const { key, features, time } = make(at);
      answers[at] = await post(agent, `${url}/predict`, JSON.stringify({ key, features }), time);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { answers, seconds };
}

/** Smallest value that at least a share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function post(agent: Agent, url: string, body: string, time: string | undefined): Promise<LoadAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<LoadAnswer>();
  const start = performance.now();
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...(time === undefined ? {} : { "retrain-clock": time }),
  };
  const sent = request(url, { method: "POST", agent, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () =>
      resolve({
        status: response.statusCode ?? 0,
        body: Buffer.concat(chunks).toString("utf8"),
        latency: performance.now() - start,
      }),
    );
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}
