import { ServerError } from "./error.ts";
import { type RunningServer, type ServeOptions, serve } from "./serve.ts";

/**
 * Serves until SIGTERM or SIGINT, then drains; a second signal ends at once. `say` gets one line for people when the
 * server is ready, and one when it stops. Resolves to the exit code: 0 after a clean stop, 130 after a forced one,
 * 75 for a port or folder in use (worth trying again), 3 for any other ServerError, whose message goes to `complain`.
 */
export async function serveUntilStopped(
  options: ServeOptions,
  say: (line: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  let server: RunningServer;
  try {
    server = await serve(options);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    complain(error.message);
    return error.code === "port_in_use" || error.code === "folder_in_use" ? 75 : 3;
  }
  say(`serving at http://${options.host}:${server.port}`);
  return untilStopped(server, say, complain);
}

/** Waits for SIGTERM or SIGINT and drains a running server; a second signal ends at once. Resolves to 0 after a clean stop, 130 after a forced one, 3 when the server could not be closed. */
export async function untilStopped(
  server: Pick<RunningServer, "close">,
  say: (line: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let signals = 0;
  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) {
      resolve(130);
      return;
    }
    say("stopping: answering what is in flight (once more to stop at once)");
    server.close().then(
      () => resolve(0),
      (error: unknown) => {
        complain(error instanceof Error ? error.message : String(error));
        resolve(3);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  try {
    return await promise;
  } finally {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  }
}
