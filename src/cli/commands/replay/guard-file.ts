// The guard that a recording is replayed for: from a file, or one with defaults for the recorded Deployment.
import { parse } from "yaml";
import { API_VERSION, ROLLOUT_GUARD_KIND } from "../../../api/group.ts";
import { rolloutGuardSpecSchema } from "../../../api/rollout-guard.ts";
import { asObject, asText, isObject, metaOf, type RawObject } from "../../../kube/objects.ts";
import { describeSpecProblems } from "../../../kube/projections/spec-problems.ts";
import { projectDeployment } from "../../../kube/workloads/deployment/project-deployment.ts";
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

interface SeenDeployment extends RecordedDeployment {
  readonly generation: number;
  readonly templateKey: string;
  /** It was made while the recording ran. */
  readonly isNew: boolean;
}

/**
 * The Deployment that a recording is about: the named one; else the first whose pod template was changed while it
 * ran; else the first that was made, then the first that was changed otherwise (scaled); else the first.
 * Throws RecordingError when there is none.
 */
export function recordedDeployment(recording: Recording, name?: string): RecordedDeployment {
  const seen = recording.lines.flatMap((line): SeenDeployment[] => {
    if ("mark" in line || line.resource !== "deployments") return [];
    const { namespace, generation, name } = metaOf(line.object);
    const { templateKey } = projectDeployment(line.object);
    return [{ name, namespace, generation, templateKey, isNew: line.type === "ADDED" }];
  });
  const candidates = seen.filter((one) => name === undefined || one.name === name);
  const [first] = candidates;
  if (!first) {
    const known = [...new Set(seen.map((one) => one.name))].join(", ") || "none";
    const wanted = name === undefined ? "no Deployment" : `no Deployment ${name}`;
    throw new RecordingError(`${recording.name}: ${wanted} in it; recorded Deployments: ${known}`);
  }
  const firstSeen = (one: SeenDeployment) => seen.find((other) => other.name === one.name) ?? one;
  return (
    candidates.find((one) => one.templateKey !== firstSeen(one).templateKey) ??
    candidates.find((one) => one.isNew) ??
    candidates.find((one) => one.generation > firstSeen(one).generation) ??
    first
  );
}
