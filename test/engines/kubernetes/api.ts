import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { ports } from "./places.ts";

/** Token of the person who administers the test cluster. */
export const TOKEN = "test-token";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

/** One call of the API server. Rejects where it cannot be reached; every status is an answer. */
export function call(method: string, path: string, body?: string | object, type = "application/json"): Promise<Answer> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port: ports.api,
        method,
        path,
        agent,
        headers: { authorization: `Bearer ${TOKEN}`, ...(text === undefined ? {} : { "content-type": type }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, body: parsed(answer) });
        });
        response.on("error", reject);
      },
    );
    asked.on("error", reject);
    asked.end(text);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The body of a call that must succeed. */
export async function get<Body>(path: string): Promise<Body> {
  const { status, body } = await call("GET", path);
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  return body as Body;
}

/** An object of Kubernetes. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [more: string]: unknown;
}

const PLURALS: Readonly<Record<string, string>> = {
  Namespace: "namespaces",
  ServiceAccount: "serviceaccounts",
  ConfigMap: "configmaps",
  Secret: "secrets",
  PersistentVolume: "persistentvolumes",
  PersistentVolumeClaim: "persistentvolumeclaims",
  Role: "roles",
  RoleBinding: "rolebindings",
  WorkflowTemplate: "workflowtemplates",
  CronWorkflow: "cronworkflows",
  Workflow: "workflows",
  CustomResourceDefinition: "customresourcedefinitions",
};

/** Where an object lives. */
export function pathOf({ apiVersion, kind, metadata }: Kind): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`no path is known for ${kind}`);
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${group}${namespace}/${plural}/${metadata.name}`;
}

/** Applies an object as `kubectl apply --server-side` does: text or object, as it stands. */
export async function apply(object: Kind, text?: string): Promise<void> {
  const path = `${pathOf(object)}?fieldManager=test&force=true`;
  const { status, body } = await call("PATCH", path, text ?? object, "application/apply-patch+yaml");
  if (status >= 300) throw new Error(`${object.kind} ${object.metadata.name}: ${status} ${JSON.stringify(body)}`);
}

export const readText = (file: string): string => readFileSync(file, "utf8");
