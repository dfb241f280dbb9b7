/** Fields of an object of Argo or Kubernetes: the definition of each field's value, or null for a plain value. `*` stands for any key. */
export type Definition = Readonly<Record<string, string | null>>;

/** Definitions of one release, by name. */
export type Release = Readonly<Record<string, Definition>>;

interface Schema {
  readonly $ref?: string;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const ROOTS = ["io.argoproj.workflow.v1alpha1.WorkflowTemplate", "io.argoproj.workflow.v1alpha1.CronWorkflow"];

const nameOf = (schema: Schema): string | null =>
  schema.$ref?.replace("#/definitions/", "") ??
  (schema.items === undefined ? undefined : nameOf(schema.items)) ??
  (schema.additionalProperties === undefined ? null : nameOf(schema.additionalProperties));

/** What can be reached from a template of workflows and a cron workflow, of a release's `api/jsonschema/schema.json`. */
export function releaseOf(definitions: Readonly<Record<string, Schema>>): Release {
  const found: Record<string, Definition> = {};
  const open = [...ROOTS];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const { properties } = definitions[name] ?? {};
    if (properties === undefined || name in found) continue;
    const fields = Object.entries(properties).map(([field, schema]) => [field, nameOf(schema)] as const);
    found[name] = Object.fromEntries(fields);
    for (const [, inner] of fields) if (inner !== null) open.push(inner);
  }
  return found;
}

/** Every path of a document that a release does not know, `spec.templates[].dag` and so on. A definition without fields (a quantity, a map) is not looked into. */
export function unknownFields(release: Release, kind: string, document: unknown): string[] {
  const walk = (value: unknown, name: string | null, path: string): string[] => {
    if (Array.isArray(value)) return [...new Set(value.flatMap((item) => walk(item, name, `${path}[]`)))];
    const definition = name === null ? undefined : release[name];
    if (definition === undefined || typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([field, inner]) => {
      const here = path === "" ? field : `${path}.${field}`;
      return field in definition ? walk(inner, definition[field] ?? null, here) : [here];
    });
  };
  return walk(document, `io.argoproj.workflow.v1alpha1.${kind}`, "");
}
