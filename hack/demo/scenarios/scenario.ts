// A scenario as data, given, when, then: what is there, what a person does, what must come of it. Whoever runs it chooses the cluster.

import type { Manifest } from "@rolloutguard/simulated-cluster/objects";
import type { FindingReason } from "../../../src/api/reasons.ts";

export interface Scenario {
  /** For `--scenario`, kebab-case. */
  readonly name: string;
  /** What happens, in a few words. */
  readonly title: string;
  readonly given: Given;
  readonly when: When;
  readonly expected: Expectation;
}

/** An application with a good first revision, its Service of the same name, and its guard. */
export interface Given {
  /** The name of the Deployment, of its Service and of its guard. */
  readonly application: string;
  readonly manifests: readonly Manifest[];
  /** How the images behave where they are not well: variables that a Dockerfile would set with ENV. */
  readonly images: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface When {
  /** What the person does, told to that person: "apply 2.3.0, ...". */
  readonly person: string;
  /** The Deployment that is applied. */
  readonly apply: Manifest;
}

export type Expectation =
  /** Back on the first revision after exactly one rollback, for this reason, and service restored. */
  | { readonly outcome: "rolledBack"; readonly reason: FindingReason }
  /** The new revision is live and counts as good; no Incident was ever opened. */
  | { readonly outcome: "leftAlone" };
