/** What a command's exit code means; the same for every command, never two meanings for one code. */
export const exit = {
  /** Done, nothing at or above the fail level. */
  done: 0,
  /** Findings: diagnostics, differences under `--check`. */
  findings: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** The environment failed: files, network, a port, a broken step. */
  environment: 3,
  /** `run --exit-code`: the challenger was refused. */
  refused: 10,
  /** `run --exit-code`: the rollout was rolled back. */
  rolledBack: 12,
  /** A mistake of ours. */
  internal: 70,
  /** Ended by Ctrl-C. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;
