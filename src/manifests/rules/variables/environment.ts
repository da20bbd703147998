// Are the variables given that somebody says are needed, or that the same workload has elsewhere?

import { listOf } from "../../annotations.ts";
import type { LintRule, Problem } from "../../finding.ts";
import { givenTo } from "../../given-variables.ts";
import type { Inventory } from "../../inventory.ts";
import { placeText } from "../../place.ts";
import type { Container, Workload } from "../../workload.ts";

/** On a workload: the names of variables that its containers must be given. */
export const REQUIRED_ENV = "rolloutguard.io/required-env";

export const missingEnv: LintRule = {
  id: "missing-env",
  severity: "error",
  meaning: `A variable that --require-env or the annotation ${REQUIRED_ENV} names is not given`,
  advice:
    "What an application needs cannot be seen in its manifest; say it, and it is held against every change. Keys of ConfigMaps and Secrets that are taken whole count; where such a one is not among the manifests, nothing is said.",
  *run(inventory, options) {
    for (const workload of inventory.workloads) {
      const needed = new Set([...options.requiredEnv, ...listOf(workload.manifest, REQUIRED_ENV)]);
      const given = workload.containers.map((container) => givenTo(container, workload, inventory));
      // What a source that is not here may give counts as given.
      if (given.some(({ isPossiblyMore }) => isPossiblyMore)) continue;
      for (const name of needed) {
        if (given.some(({ names }) => names.has(name))) continue;
        yield {
          manifest: workload.manifest,
          field: (workload.containers[0]?.field ?? workload.template).at("env"),
          message: `No container of ${workload.title} is given the variable ${name}, which is required.`,
          fix: `Write \`- name: ${name}\` with its value or source into the env of the container that reads it.`,
        };
      }
    }
  },
};

export const envDrift: LintRule = {
  id: "env-drift",
  severity: "warning",
  meaning: "A container lacks a variable that the same container has in another namespace or folder",
  advice:
    "The same container of the same workload in another namespace or folder has a variable that this one lacks: the classic of a variable that was added in staging and forgotten in production. Only names are compared. It is information where each of the two has variables that the other lacks: those are variants.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const container of workload.containers) yield* drift(workload, container, inventory);
    }
  },
};

function* drift(workload: Workload, container: Container, inventory: Inventory): Iterable<Problem> {
  const given = givenTo(container, workload, inventory);
  if (given.isPossiblyMore) return;
  const twins = inventory.twinsOf(workload).flatMap((twin) => {
    const other = twin.containers.find(
      ({ name, role }) => name === container.name && role === container.role,
    );
    if (other === undefined) return [];
    const { names } = givenTo(other, twin, inventory);
    const missing = [...names].filter((name) => !given.names.has(name));
    // Each has what the other lacks: two ways to run it, and nothing forgotten.
    const isVariant = [...given.names].some((name) => !names.has(name));
    return missing.length === 0 ? [] : [{ other, missing, isVariant }];
  });
  const found = twins.find(({ isVariant }) => !isVariant) ?? twins[0];
  if (found === undefined) return;
  const { other, missing, isVariant } = found;
  const one = missing.length === 1;
  yield {
    manifest: workload.manifest,
    field: container.field.at("env"),
    ...(isVariant && { severity: "info" as const }),
    message: `Container ${container.name} of ${workload.title} is not given ${missing.join(", ")}, which it has in ${placeText(other.field.place)}${isVariant ? ", a variant with other variables" : ""}.`,
    fix: `Add ${one ? "the variable" : "the variables"} here, or take ${one ? "it" : "them"} out there if the application no longer reads ${one ? "it" : "them"}.`,
  };
}
