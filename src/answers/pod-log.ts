// The last words of a container, read before an Incident is opened: the rollback removes the pod and its log.
import type { LastWords } from "../api/incident.ts";
import { lastLines } from "../domain/last-words/last-words.ts";
import { plainText, shortText } from "../domain/plain-text.ts";
import type { PodLogQuestion } from "../domain/snapshot/question.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { ApiError, ConnectionError } from "../kube/connection/api-error.ts";
import { type Fingerprint, withoutValues } from "../kube/masking/fingerprints.ts";
import { masked } from "../kube/masking/pod-masking.ts";
import { missingRight } from "../kube/missing-right.ts";
import { resourcePath } from "../kube/resources.ts";
import type { Adapter } from "./adapter.ts";

/** What identifies a log that a kubelet keeps. */
type LogReference = Pick<PodLogQuestion, "pod" | "container" | "previous">;

const LINES = 20;
/** The kubelet counts them from the first of those lines: less would cut off the last ones where lines are long. */
const MOST_BYTES = 64 * 1_024;
/** The rollback waits for the answer: a kubelet that is slow or gone must not hold it up (real time). */
const LONGEST_MS = 2_000;
const MISSING_BYTES = 600;

/** What a kubelet answers, with 200, in place of a log that it has removed. */
const REMOVED =
  /^(?:unable to retrieve container logs for |failed to try resolving symlinks in path )\S+[^\n]*\n?$/;

const REMOVED_ALREADY = "The node has already removed the log.";

export const podLog: Adapter<"podLog"> = (question, { guard, workload }, { client, caches }) => {
  const { namespace } = guard;
  const fingerprints = workload ? caches.contents.fingerprintsOf(namespace, workload) : [];
  return readLastWords(client, namespace, question, fingerprints);
};

/**
 * One request; a second one when the container has ended once more meanwhile, for then the log before is gone, and that
 * of the end just now is there. Never rejects: where there are no last words, they say why. `fingerprints` are those of the
 * values that the pods get, which nobody must see.
 */
export async function readLastWords(
  client: Pick<ApiClient, "getText">,
  namespace: string,
  log: LogReference,
  fingerprints: readonly Fingerprint[],
): Promise<LastWords> {
  const signal = AbortSignal.timeout(LONGEST_MS);
  const words = await readLog(client, namespace, log, fingerprints, signal);
  if (!log.previous || words.missing !== REMOVED_ALREADY) return words;
  const newer = await readLog(client, namespace, { ...log, previous: false }, fingerprints, signal);
  return newer.lines.length > 0 ? newer : words;
}

async function readLog(
  client: Pick<ApiClient, "getText">,
  namespace: string,
  { pod, container, previous }: LogReference,
  fingerprints: readonly Fingerprint[],
  signal: AbortSignal,
): Promise<LastWords> {
  const where = { pod, container, previous };
  const none = (missing: string): LastWords => ({ ...where, lines: [], missing });
  try {
    const log = await client.getText(
      resourcePath("pods", namespace, pod, "log"),
      { container, previous, tailLines: LINES, limitBytes: MOST_BYTES },
      { mostBytes: MOST_BYTES, signal },
    );
    if (REMOVED.test(log)) return none(REMOVED_ALREADY);
    const lines = lastLines(log, (text) => withoutValues(text, fingerprints));
    return lines.length === 0 ? none("The container wrote no log.") : { ...where, lines: [...lines] };
  } catch (error) {
    return none(shortText(masked(plainText(whyNot(error)), fingerprints), MISSING_BYTES));
  }
}

function whyNot(error: unknown): string {
  const advice = missingRight(error);
  if (advice !== undefined) return `${advice}.`;
  if (error instanceof ApiError && error.status === 404)
    return "The pod was deleted before its log could be read.";
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof ConnectionError
    ? `The log could not be read within ${LONGEST_MS / 1_000}s: ${message}`
    : `The log could not be read: ${message}`;
}
