/**
 * `unreachable`: nobody answers. `not_ready`: the server answers but cannot do it now (a full disk, a restart).
 * `version_does_not_load`: the artefact of a version is missing or broken; the route is as before.
 * `window_dropped`: counts that far back are no longer kept. `bad_answer`: what answers is not this server, or refuses what we ask.
 */
export type TrafficErrorCode = "unreachable" | "not_ready" | "version_does_not_load" | "window_dropped" | "bad_answer";

/** The traffic side could not be asked or moved. `message` says in words what is wrong and what to do. */
export class TrafficError extends Error {
  override readonly name = "TrafficError";
  readonly code: TrafficErrorCode;

  constructor(code: TrafficErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
