import { spawn } from "node:child_process";
import { join } from "node:path";
import type { PythonEnvironment } from "../setup/python.ts";

export interface Answer {
  readonly id: string;
  /** Why Kubeflow's own readers refuse the text. */
  readonly error?: string;
  /** The documents as they read them, where asked for. */
  readonly documents?: readonly unknown[] | null;
}

/** Shows texts to Kubeflow's protos (strictly), to its SDK and to its configuration of Kubernetes. @param read whether the documents come back as they were read */
export function accept(
  { python }: PythonEnvironment,
  texts: readonly { readonly id: string; readonly text: string }[],
  read = false,
): Promise<Answer[]> {
  const child = spawn(python, [join(import.meta.dirname, "accept.py")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONWARNINGS: "ignore" },
  });
  child.stdin.end(texts.map((one) => `${JSON.stringify({ ...one, read })}\n`).join(""));
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) reject(new Error(`accept.py ended with ${code}`));
      else
        resolve(
          out
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line) as Answer),
        );
    });
  });
}
