import { error, warning } from "./entry.ts";

/** A policy and the environment that it is compiled for do not fit. */
export const config = {
  "config/registry-kind": error(
    (p: { written: string; environment: string; bound: string }) =>
      `the policy registers models in \`${p.written}\`, and environment \`${p.environment}\` has a \`${p.bound}\` registry`,
    (p) =>
      `Write \`registry ${p.bound} "NAME"\` in the policy, or compile for an environment that has \`${p.written}\`.`,
  ),
  "config/serving-kind": error(
    (p: { written: string; environment: string; bound: string }) =>
      `the policy serves by \`${p.written}\`, and environment \`${p.environment}\` serves by \`${p.bound}\``,
    (p) =>
      `Write \`serving ${p.bound} "NAME"\` in the policy, or compile for an environment that has \`${p.written}\`.`,
  ),
  "config/name": error(
    (p: { what: string; written: string; environment: string; bound: string }) =>
      `the policy's ${p.what} is \`${p.written}\`, and environment \`${p.environment}\` is bound to \`${p.bound}\``,
    () => "The name in the policy is the one that counts. Correct the environment.",
  ),
  "config/no-prediction-log": error(
    (p: { text: string; environment: string; serving: string }) =>
      `\`${p.text}\` reads what production predicted, and environment \`${p.environment}\` does not say where that is written`,
    (p) =>
      `Give the log under \`environments.${p.environment}.serving.${p.serving}.logs\` in retrain.config.yaml: \`uri\`, and \`columns\` where they have other names. Without it this line would be without an answer at every look.`,
  ),
  "config/no-prometheus": error(
    (p: { text: string; environment: string }) =>
      `\`${p.text}\` asks Prometheus, and environment \`${p.environment}\` does not say where that is`,
    (p) =>
      `Write \`metrics: { prometheus: { url: "https://prometheus.example.com" } }\` under \`environments.${p.environment}\` in retrain.config.yaml. Without it this line would be without an answer at every look.`,
  ),
  "config/ledger-not-shared": error(
    (p: { target: string; environment: string }) =>
      `the ledger of environment \`${p.environment}\` is a file, and steps of \`${p.target}\` run on machines that do not share it safely`,
    (p) =>
      `Write \`ledger: { postgres: { secret: "SECRET/KEY" } }\` under \`environments.${p.environment}\` in retrain.config.yaml.`,
  ),
  "config/not-listed": warning(
    (p: { what: string; key: string }) => `${p.what} holds for nothing: the configuration does not list this file`,
    (p) =>
      `List the file under \`${p.key}\` in retrain.config.yaml, or move what it says into the policies that it is meant for.`,
  ),
} as const;
