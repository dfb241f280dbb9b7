import type { Capability } from "../target.ts";

/** What this machine can hold when it is the engine. */
export const capabilities: readonly Capability[] = [
  { construct: "trigger causes", support: "native", how: "evaluated by `retrain watch`" },
  { construct: "train and evaluate", support: "native", how: "child processes, started from argument arrays" },
  {
    construct: "step image",
    support: "emulated",
    how: "the command runs with the programs of this machine; the image is not used",
  },
  { construct: "step resources", support: "emulated", how: "recorded and counted for the budget; not enforced" },
  { construct: "on spot, workers", support: "refused", how: "one machine has neither" },
  { construct: "gates", support: "native", how: "the runtime reads the predictions file" },
  {
    construct: "metrics from prometheus and from registry",
    support: "refused",
    how: "the local server counts requests, errors and latency itself; nothing else is asked",
  },
  {
    construct: "fairness, ranking, several classes, pool groups, exclude",
    support: "refused",
    how: "the runtime does not judge them yet",
  },
  {
    construct: "drift by ks, wasserstein, mmd; share_drifted; drift of scores; options of drift",
    support: "refused",
    how: "the runtime reads counts of bins",
  },
  {
    construct: "metrics of labels in stages, comparison with baseline, changes of live metrics",
    support: "refused",
    how: "labels are read for gates, decay and changes from the baseline",
  },
  { construct: "datasets that are tables", support: "refused", how: "there is no warehouse on one machine" },
  { construct: "shadow, traffic shares", support: "native", how: "routes of the local model server" },
  { construct: "approval", support: "native", how: "`retrain approve`, a record in the ledger" },
  { construct: "rollback", support: "native", how: "the pinned route is set again and verified" },
];
