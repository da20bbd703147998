// The guard that a recording is replayed for: from a file, or one with defaults for the recorded Deployment.
import { parse } from "yaml";
import { API_VERSION, ROLLOUT_GUARD_KIND } from "../../api/group.ts";
import { rolloutGuardSpecSchema } from "../../api/rollout-guard.ts";
import { asObject, asText, isObject, metaOf, type RawObject } from "../../kube/objects.ts";
import { describeSpecProblems } from "../../kube/projections/spec-problems.ts";
import { type Recording, RecordingError } from "./recording.ts";

/** Reads a RolloutGuard from YAML or JSON. Throws RecordingError with what to write instead. */
export function parseGuard(file: string, text: string): RawObject {
  const value: unknown = parseYaml(file, text);
  if (!isObject(value) || value.kind !== ROLLOUT_GUARD_KIND) {
    throw new RecordingError(`${file}: expected one object of kind ${ROLLOUT_GUARD_KIND} (${API_VERSION})`);
  }
  const spec = rolloutGuardSpecSchema.safeParse(value.spec ?? {});
  if (!spec.success)
    throw new RecordingError(`${file}: ${describeSpecProblems(spec.error, value.spec ?? {})}`);
  return { ...value, metadata: { ...asObject(value.metadata), name: metaOf(value).name || "replayed" } };
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RecordingError(`${file} is not YAML: ${why}`, { cause });
  }
}

/** A guard with all defaults for the Deployment. */
export function defaultGuard(deployment: string): RawObject {
  return {
    apiVersion: API_VERSION,
    kind: ROLLOUT_GUARD_KIND,
    metadata: { name: deployment },
    spec: { target: { kind: "Deployment", name: deployment } },
  };
}

/** The name of the Deployment that the guard guards. */
export function targetOf(guard: RawObject): string {
  return asText(asObject(asObject(guard.spec).target).name);
}

/** A recorded Deployment. */
export interface RecordedDeployment {
  readonly name: string;
  readonly namespace: string;
}

/**
 * The Deployment that a recording is about: the named one; else the one that was changed or made while it ran;
 * else the first. Throws RecordingError when there is none.
 */
export function recordedDeployment(recording: Recording, name?: string): RecordedDeployment {
  const seen = recording.lines.flatMap((line) => {
    if ("mark" in line || line.resource !== "deployments") return [];
    const meta = metaOf(line.object);
    return [
      {
        name: meta.name,
        namespace: meta.namespace,
        generation: meta.generation,
        isNew: line.type === "ADDED",
      },
    ];
  });
  const candidates = seen.filter((one) => name === undefined || one.name === name);
  const [first] = candidates;
  if (!first) {
    const known = [...new Set(seen.map((one) => one.name))].join(", ") || "none";
    throw new RecordingError(
      `${recording.name}: no Deployment ${name ?? ""} in it; recorded Deployments: ${known}`,
    );
  }
  const changed = candidates.find(
    (one) => one.isNew || seen.some((other) => other.name === one.name && other.generation > one.generation),
  );
  return changed ?? first;
}
