/** Who may approve, as the configuration lists them. */
export interface Approvers {
  readonly members: readonly string[];
  /** Whether whoever wrote the policy, or started the run by hand, is left out. */
  readonly notAuthor: boolean;
}

/** How it was shown who somebody is. `claimed`: a terminal was told a name. */
export type Proof = "claimed" | "oidc" | "engine";

/** What an approval is held against. */
export interface ApprovalRules {
  /** The group that the stage asks. */
  readonly group: string | undefined;
  /** Groups of the configuration; undefined where it lists none, and then anybody may approve. */
  readonly groups: Readonly<Record<string, Approvers>> | undefined;
  readonly risk: "low" | "medium" | "high";
  /** Who wrote the policy and who started the run, by every name they are known by; undefined where it cannot be told. */
  readonly authors: readonly string[] | undefined;
}

/** Why an approval does not count; undefined where it does. What cannot be told never lets one through. */
export function approvalRefusal(
  signed: { readonly by: string; readonly proof: Proof },
  { group, groups, risk, authors }: ApprovalRules,
): string | undefined {
  if (risk === "high" && signed.proof === "claimed") {
    return "the policy has risk high: an approval needs a proven identity, and a terminal only claims one";
  }
  if (groups === undefined) return undefined;
  const name = group ?? "";
  const approvers = Object.hasOwn(groups, name) ? groups[name] : undefined;
  if (approvers === undefined) return `the configuration lists no approvers \`${name}\``;
  if (!approvers.members.some((member) => isSame(member, signed.by))) {
    return `${signed.by} is no member of \`${name}\`, which has: ${approvers.members.join(", ")}`;
  }
  if (!approvers.notAuthor) return undefined;
  if (authors === undefined) {
    return `\`${name}\` leaves out the author, and it is not known who wrote the policy that this run follows: it was not committed to git when the run started`;
  }
  if (authors.some((author) => isSame(author, signed.by))) {
    return `${signed.by} wrote the policy or started the run, and \`${name}\` leaves out the author`;
  }
  return undefined;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
