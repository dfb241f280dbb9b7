import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const program = (process.env["PATH"] ?? "")
  .split(":")
  .map((folder) => join(folder, "prometheus"))
  .find((file) => existsSync(file));

/** Why there is no server to test with, and how to get one; undefined where there is one. */
export const missingPrometheus =
  program === undefined ? "Prometheus is not installed here; on Debian: apt-get install prometheus" : undefined;

/** A real Prometheus that scrapes one exporter of the test's, four times a second. */
export interface PrometheusServer {
  readonly url: string;
  /** What the exporter says from now on, in the text format; undefined: it answers 503. */
  expose(text: string | undefined): void;
  /** Milliseconds between two samples. */
  readonly interval: number;
  /** Waits until `times` further scrapes were answered. */
  scraped(times: number): Promise<void>;
  stop(): Promise<void>;
}

const INTERVAL = 250;

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

export async function startPrometheus(): Promise<PrometheusServer> {
  if (program === undefined) throw new Error(missingPrometheus);
  let text: string | undefined = "";
  let scrapes = 0;
  const exporter = createServer((_, response) => {
    scrapes += 1;
    if (text === undefined) response.writeHead(503).end();
    else response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(text);
  });
  const target = await listening(exporter);
  const probe = createServer();
  const port = await listening(probe);
  await new Promise((resolve) => probe.close(resolve));
  const folder = mkdtempSync(join(tmpdir(), "retrain-prometheus-"));
  writeFileSync(
    join(folder, "prometheus.yml"),
    `global: { scrape_interval: ${INTERVAL}ms, scrape_timeout: ${INTERVAL}ms }
scrape_configs: [{ job_name: test, static_configs: [{ targets: ["127.0.0.1:${target}"] }] }]\n`,
  );
  const server: ChildProcess = spawn(
    program,
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const isReady = await fetch(`${url}/-/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) break;
    if (tries > 200 || server.exitCode !== null) throw new Error("Prometheus does not become ready");
    await sleep(50);
  }
  return {
    url,
    interval: INTERVAL,
    expose(next) {
      text = next;
    },
    async scraped(times) {
      const until = scrapes + times;
      while (scrapes < until) await sleep(25);
      // The sample is kept a moment after the exporter has answered.
      await sleep(INTERVAL / 2);
    },
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGKILL");
      await ended;
      exporter.closeAllConnections();
      await new Promise((resolve) => exporter.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
