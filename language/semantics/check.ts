import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/report.ts";
import type { Guardrail, Name, Policy, Scenario, TreeNode } from "../syntax/tree.ts";
import type { Source } from "../text/source.ts";
import { duplicate } from "./blocks/dataset.ts";
import { checkFreezeToday } from "./blocks/freeze.ts";
import { checkScenario } from "./blocks/scenario.ts";
import type { CheckedPolicy } from "./checked/policy.ts";
import type { CheckedFreeze } from "./checked/trigger.ts";
import { Collector } from "./collector.ts";
import { applyGuardrail, lintStageNames } from "./guardrails/apply.ts";
import { checkGuardrails } from "./guardrails/declare.ts";
import { checkPolicy, type PolicyCheck } from "./policy.ts";
import { type Library, libraryOf, type ParsedFile } from "./reuse/library.ts";
import { type LinkedFile, Linker } from "./reuse/link.ts";
import { type Origin, withOrigin } from "./reuse/origins.ts";
import { checkSharedFile, Templates } from "./reuse/shared-file.ts";
import { makePolicy } from "./reuse/template.ts";
import { lintImports, visibleIn, withTemplate } from "./reuse/visible.ts";
import { type Scope, unknown } from "./scope.ts";
import { every, isIncomplete } from "./statements.ts";

export type { ParsedFile } from "./reuse/library.ts";

export interface CheckOptions {
  /** Today as epoch milliseconds; without it `review_by` is not judged, so that a check gives the same answer on every day. */
  readonly today?: number;
  /** Where imports are read; only the checked files themselves where it is left out. */
  readonly library?: Library;
  /** Paths of the checked files whose guardrails hold; without it those of all checked files hold. */
  readonly guardrails?: readonly string[];
  /** Paths of the checked files whose freezes hold for every policy; without it a freeze beside no policy is not judged. */
  readonly freezes?: readonly string[];
}

export interface Checked {
  readonly policies: readonly CheckedPolicy[];
  /** In the order of files and places. Syntax errors of the checked files are not among them: they come from the parser. */
  readonly diagnostics: readonly Diagnostic[];
  /** Freezes of the files that `freezes` lists, by path. */
  readonly freezes: ReadonlyMap<string, readonly CheckedFreeze[]>;
  /** Files that were read because others import from them, with what the parser said of them. */
  readonly imported: readonly ParsedFile[];
}

/** Version of the language that this checker knows. */
const languageVersion = 1;

/**
 * Checks the names, units, types and rules of all policies in some files. Never fails. A policy that has errors says so in
 * `broken`, and cannot be compiled.
 */
export function check(files: readonly ParsedFile[], options: CheckOptions = {}): Checked {
  const given = libraryOf(files);
  const library: Library = {
    read(path) {
      const here = given.read(path);
      // The library is asked even for files that are checked: a link out of the project is none to import from.
      const there = options.library?.read(path) ?? here;
      if ("problem" in there) return there.problem === "missing" && !("problem" in here) ? here : there;
      return "problem" in here ? there : here;
    },
  };
  const linker = new Linker(library);
  const templates = new Templates();
  const project: Project = { linker, templates, options, sources: new Map(), broken: new Map(), used: new Set() };
  const linked = files.map((file) => linker.link(file));
  for (const file of linker.files) project.sources.set(file.parsed.source.path, file.parsed.source);
  const found: Diagnostic[] = [];
  const checks: MadeCheck[] = [];
  const declared = new Map<string, Policy>();
  for (const file of linked) {
    const shared = checkFile(file);
    found.push(...shared.diagnostics);
    for (const node of every(file.parsed.file.declarations, "Policy")) {
      const first = declared.get(node.name.text);
      if (first !== undefined) {
        const twice = new Collector();
        duplicate(node.name.span, first.name.span, "policy", node.name.text, twice);
        found.push(...twice.diagnostics);
        continue;
      }
      declared.set(node.name.text, node);
      const one = checkOne(node, file, project);
      checks.push(shared.hasErrors ? { ...one, policy: { ...one.policy, broken: true } } : one);
      found.push(...one.diagnostics);
    }
  }
  const isChecked = new Set(files.map((file) => file.source.path));
  for (const file of linker.files) {
    const { path } = file.parsed.source;
    found.push(...errorsOf(file, project).diagnostics);
    if (!isChecked.has(path)) found.push(...checkFile(file).diagnostics, ...file.parsed.diagnostics);
    else lintShared(file, project, found);
  }
  const freezes = readFreezes(linked, options, found);
  const policies = guard(checks, linked, options, found).map((policy) =>
    freezes === undefined ? { ...policy, broken: true } : policy,
  );
  const scopes = new Map(checks.map(({ policy, scope }) => [policy.name, scope]));
  const scenarios = files.flatMap(({ file }) => every(file.declarations, "Scenario"));
  found.push(...attachScenarios(scenarios, policies, scopes));
  const imported = linker.files.map(({ parsed }) => parsed).filter(({ source }) => !isChecked.has(source.path));
  const order = [...files, ...imported].map(({ source }) => source.path);
  return { policies, diagnostics: inOrder(found, order), imported, freezes: freezes ?? new Map() };
}

/** Freezes of the listed files, by path; undefined where one cannot be read, because nobody can say then when nothing may move. */
function readFreezes(
  files: readonly LinkedFile[],
  options: CheckOptions,
  found: Diagnostic[],
): ReadonlyMap<string, readonly CheckedFreeze[]> | undefined {
  const out = new Collector();
  const listed = files.filter(({ parsed }) => options.freezes?.includes(parsed.source.path) === true);
  const freezes = listed.map((file) => {
    const read = visibleIn(file).freezes.flatMap((node) => checkFreezeToday(node, options.today, out) ?? []);
    return [file.parsed.source.path, read] as const;
  });
  found.push(...out.diagnostics);
  return out.hasErrors || listed.some(({ broken }) => broken) ? undefined : new Map(freezes);
}

interface Project {
  readonly linker: Linker;
  readonly templates: Templates;
  readonly options: CheckOptions;
  readonly sources: Map<string, Source>;
  /** What is wrong in files as far as others depend on it, by path. */
  readonly broken: Map<string, Collector>;
  /** Declarations that some policy can use. */
  readonly used: Set<TreeNode>;
}

interface MadeCheck extends PolicyCheck {
  /** The policy with its template filled in. */
  readonly node: Policy;
  readonly diagnostics: readonly Diagnostic[];
  /** Adds to a diagnostic the place that brings its text into the policy. */
  readonly place: (found: Diagnostic) => Diagnostic;
}

/** Checks one policy, made from its template where it names one. */
function checkOne(node: Policy, file: LinkedFile, project: Project): MadeCheck {
  const { declarations } = file.parsed.file;
  const out = new Collector();
  const template = node.from === undefined ? undefined : findTemplate(node.from.template, file, project, out);
  const made = template && makePolicy(node, template.checked, out);
  if (template !== undefined) project.used.add(template.checked.node);
  const own = visibleIn(file);
  const fromElsewhere = template !== undefined && template.home !== file;
  const visible = fromElsewhere ? withTemplate(own, template.checked.node, template.home) : own;
  for (const { node: gate } of visible.gates) project.used.add(gate);
  const policy = made?.policy ?? node;
  const context = {
    source: file.parsed.source,
    sources: project.sources,
    visible,
    incomplete: isIncomplete(declarations) || (fromElsewhere && isIncomplete(template.home.parsed.file.declarations)),
    ...(project.options.today === undefined ? {} : { today: project.options.today }),
  };
  const checked = checkPolicy(policy, context);
  const origins: Origin[] = [...visible.origins];
  if (template !== undefined && node.from !== undefined) {
    const text = `filled in here, for \`${node.name.text}\``;
    origins.unshift({ span: template.checked.node.span, label: { span: node.from.span, text } });
  }
  const wrongFile = isBroken(file, project) || (template !== undefined && isBroken(template.home, project));
  const unmade = node.from !== undefined && made === undefined;
  const broken = checked.policy.broken || out.hasErrors || wrongFile || unmade;
  const offline = new Set(checked.gates);
  for (const { node: gate, name } of file.imported) {
    if (gate.kind !== "Gate" || !offline.has(gate)) continue;
    const text = `imported here; no stage of \`${node.name.text}\` uses it, so it is judged before the rollout`;
    origins.unshift({ span: gate.span, label: { span: name.span, text } });
  }
  const place = (one: Diagnostic): Diagnostic => withOrigin(one, origins, made?.puts ?? []);
  return {
    ...checked,
    node: policy,
    policy: { ...checked.policy, broken },
    place,
    // What seems to be missing in a policy that could not be made is in its template.
    diagnostics: [...out.diagnostics, ...(unmade ? [] : checked.out.diagnostics.map(place))],
  };
}

function findTemplate(name: Name, file: LinkedFile, project: Project, out: Collector) {
  const own = every(file.parsed.file.declarations, "Template");
  const node = own.find((template) => template.name.text === name.text);
  const imported = file.imported.filter((one) => one.node.kind === "Template");
  const brought = imported.find((one) => one.name.text === name.text);
  const home = node === undefined ? brought?.home : file;
  const found = node ?? (brought?.node.kind === "Template" ? brought.node : undefined);
  if (found !== undefined && home !== undefined) {
    const checked = project.templates.get(found, home);
    return checked === undefined ? undefined : { checked, home };
  }
  if (file.unresolved.has(name.text) || isIncomplete(file.parsed.file.declarations)) return undefined;
  const known = [...own.map((template) => template.name.text), ...imported.map((one) => one.name.text)];
  return unknown(name, known, (suggestion, fixes) => {
    const meant = own.find((template) => template.name.text === suggestion);
    if (meant !== undefined) project.used.add(meant);
    return out.report("template/unknown", name.span, { name: name.text, suggestion, known }, { fixes });
  });
}

/** What is wrong in a file as far as others depend on it: its imports, its templates, and where it has no policies what it declares. */
function errorsOf(file: LinkedFile, project: Project): Collector {
  const { path } = file.parsed.source;
  const known = project.broken.get(path);
  if (known !== undefined) return known;
  const out = new Collector();
  project.broken.set(path, out);
  const hasPolicies = every(file.parsed.file.declarations, "Policy").length > 0;
  out.diagnostics.push(...file.out.diagnostics, ...project.templates.of(file).diagnostics);
  if (!hasPolicies) out.diagnostics.push(...checkSharedFile(file).diagnostics);
  return out;
}

/** Whether what comes from a file, or from one that it imports from, cannot be relied on. */
function isBroken(file: LinkedFile, project: Project): boolean {
  if (file.broken || errorsOf(file, project).hasErrors) return true;
  const homes = new Set(file.imported.map(({ home }) => home));
  return [...homes].some((home) => isBroken(home, project));
}

/** What a checked file declares and nothing uses. */
function lintShared(file: LinkedFile, project: Project, found: Diagnostic[]): void {
  const out = new Collector();
  const { declarations } = file.parsed.file;
  const { path } = file.parsed.source;
  const hasPolicies = every(declarations, "Policy").length > 0;
  lintImports(file, out);
  for (const node of declarations) {
    const isGate = node.kind === "Gate" && !hasPolicies;
    if ((node.kind === "Template" || isGate) && !project.used.has(node)) {
      const what = { kind: node.kind.toLowerCase(), name: node.name.text };
      out.report(hasPolicies ? "name/unused" : "import/used-nowhere", node.name.span, what);
    }
    const { guardrails, freezes } = project.options;
    if (node.kind === "Guardrail" && guardrails !== undefined && !guardrails.includes(path))
      out.report("config/not-listed", node.name.span, {
        what: `guardrail \`${node.name.text}\``,
        key: "guardrails",
      });
    if (node.kind === "Freeze" && !hasPolicies && freezes !== undefined && !freezes.includes(path))
      out.report("config/not-listed", node.span, { what: "this freeze", key: "freezes" });
  }
  found.push(...out.diagnostics);
}

/** Applies the guardrails that hold to all policies; a policy that breaks one is broken. */
function guard(
  checks: readonly MadeCheck[],
  files: readonly LinkedFile[],
  options: CheckOptions,
  found: Diagnostic[],
): CheckedPolicy[] {
  const listed = files.filter(({ parsed }) => options.guardrails?.includes(parsed.source.path) ?? true);
  const seen = new Map<string, Guardrail>();
  const read = listed.map((file) => checkGuardrails(file, seen));
  const guardrails = read.flatMap((one) => one.guardrails);
  found.push(...read.flatMap(({ out }) => out.diagnostics));
  const unreadable =
    read.some(({ out }) => out.hasErrors) || (options.guardrails !== undefined && listed.some(({ broken }) => broken));
  const subjects = checks.map(({ node, policy, gates, place }) => ({ node, checked: policy, gates, place }));
  const names = new Collector();
  for (const one of guardrails) lintStageNames(one, subjects, names);
  found.push(...names.diagnostics);
  return subjects.map((subject) => {
    const out = new Collector();
    // A policy that could not be made from its template says too little to be judged.
    if (subject.node.from === undefined) for (const one of guardrails) applyGuardrail(one, subject, out);
    found.push(...out.diagnostics.map(subject.place));
    return { ...subject.checked, broken: subject.checked.broken || out.hasErrors || unreadable };
  });
}

/** Checks scenarios, wherever they stand, and hands them to the policies that they are about. */
function attachScenarios(
  nodes: readonly Scenario[],
  policies: CheckedPolicy[],
  scopes: ReadonlyMap<string, Scope>,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  const titles = new Map<string, Scenario>();
  for (const node of nodes) {
    const out = new Collector();
    const name = node.policy.text;
    const title = `${name} ${node.title.value}`;
    const first = titles.get(title);
    if (first !== undefined) duplicate(node.title.span, first.title.span, "scenario", node.title.value, out);
    titles.set(title, first ?? node);
    const at = policies.findIndex((policy) => policy.name === name);
    const policy = policies[at];
    const scope = scopes.get(name);
    if (policy === undefined || scope === undefined) {
      const known = policies.map((one) => one.name);
      unknown(node.policy, known, (suggestion, fixes) =>
        out.report("scenario/unknown-policy", node.policy.span, { name, suggestion }, { fixes }),
      );
      policies.forEach((one, index) => {
        if (one.source.path === node.span.path) policies[index] = { ...one, broken: true };
      });
    } else {
      const scenario = checkScenario(node, { policy, scope }, out);
      const scenarios = scenario === undefined ? policy.scenarios : [...policy.scenarios, scenario];
      policies[at] = { ...policy, scenarios, broken: policy.broken || out.hasErrors };
    }
    found.push(...out.diagnostics);
  }
  return found;
}

/** What a file says of itself. */
function checkFile({ parsed: { file } }: LinkedFile): Collector {
  const out = new Collector();
  const { language } = file;
  if (language !== undefined && language.version.value !== languageVersion) {
    out.report("policy/language-version", language.version.span, {
      written: language.version.raw,
      known: languageVersion,
    });
  }
  return out;
}

/** By file and place, each once: what several policies share is reported once. */
function inOrder(found: readonly Diagnostic[], order: readonly string[]): Diagnostic[] {
  const seen = new Set<string>();
  const rank = new Map(order.map((path, index) => [path, index]));
  const rankOf = (one: Diagnostic): number => rank.get(one.span.path) ?? order.length;
  return found
    .filter((one) => {
      const key = `${one.span.path} ${one.span.start} ${one.span.end} ${one.code} ${one.message}`;
      return seen.has(key) ? false : seen.add(key);
    })
    .sort(
      (left, right) =>
        rankOf(left) - rankOf(right) || left.span.start - right.span.start || left.span.end - right.span.end,
    );
}

/** At most `limit` diagnostics, errors before warnings before notes; what was left out is counted by a last one at the first place left out. */
export function capped(diagnostics: readonly Diagnostic[], limit: number): Diagnostic[] {
  if (diagnostics.length <= limit) return [...diagnostics];
  const rank = { error: 0, warning: 1, info: 2 } as const;
  const byWeight = diagnostics
    .map((one, index) => ({ one, index }))
    .sort((left, right) => rank[left.one.severity] - rank[right.one.severity] || left.index - right.index);
  const kept = byWeight.slice(0, limit).sort((left, right) => left.index - right.index);
  const left = byWeight.slice(limit);
  const first = left[0]?.one;
  const rest = first === undefined ? [] : [diagnostic("check/too-many", first.span, { left: left.length })];
  return [...kept.map(({ one }) => one), ...rest];
}
