// `record`: writes down a rollout on a live cluster, to be replayed later.
import { createWriteStream, type WriteStream } from "node:fs";
import type { Caches } from "../../../kube/caches/caches.ts";
import type { ApiClient } from "../../../kube/connection/api-client.ts";
import type { RawObject } from "../../../kube/objects.ts";
import type { ResourceName } from "../../../kube/resources.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { defineClusterCommand } from "../../cluster/cluster-command.ts";
import { EXIT_CODES, type ExitCode, UsageError } from "../../exit-codes.ts";
import { requiredText, span } from "../../flags.ts";
import type { Terminal } from "../../terminal.ts";
import type { Asking } from "./asking.ts";
import type { Recorder } from "./recorder.ts";
import { sinkInto } from "./sink-into.ts";

interface Request {
  readonly out: string;
  readonly limitMs: number | undefined;
}

export const recordCommand = defineClusterCommand({
  summary: "Record what happens in a namespace, to replay it later",
  description:
    'Records a namespace: Deployments, ReplicaSets, pods, Services, endpoints and Events, and the answers to what a guard asks. Lines that you type become marks in the recording ("new revision applied"). Ends with Ctrl-C or after --for.',
  usage: "--out FILE [-n NS] [--for SPAN] [flags]",
  flags: {
    out: requiredText("-o, --out <FILE>", "the file to write; it must not exist"),
    limitMs: span("--for <SPAN>", "how long to record; default: until Ctrl-C"),
  },
  examples: [
    "kubectl rolloutguard record -n production --out checkout.jsonl",
    "kubectl rolloutguard replay checkout.jsonl",
  ],
  exitCodes: "0 recorded, 2 wrong usage, 3 unknown",
  parse: ({ flags }): Request => flags,
  run: record,
});

async function record(
  access: ClusterAccess,
  { out, limitMs }: Request,
  terminal: Terminal,
): Promise<ExitCode> {
  const [{ servesEndpointSlices }, { Recorder }, { Asking }, { Caches }, { createLiveAnswers }] =
    await Promise.all([
      import("../../../kube/connection/discovery.ts"),
      import("./recorder.ts"),
      import("./asking.ts"),
      import("../../../kube/caches/caches.ts"),
      import("../../../answers/live-answers.ts"),
    ]);
  const { client, clock, namespace } = access;
  const hasSlices = await servesEndpointSlices(client);
  const file = await newFile(out);
  const recorder = new Recorder({ now: () => clock.now(), write: (line) => void file.write(`${line}\n`) });
  const caches = new Caches();
  const asking = new Asking({
    caches,
    answers: createLiveAnswers({ client, caches }),
    recorder,
    clock,
    namespace,
    guards: await guardsIn(client, namespace),
  });
  const recorded = { access, recorder, caches, asking, hasSlices, terminal };
  const reflectors = await startReflectors(recorded);
  await Promise.all(reflectors.map((reflector) => reflector.whenSynced()));
  asking.start();
  terminal.err(
    `recording namespace ${namespace} into ${out}; type a line to mark what you do, Ctrl-C to end\n`,
  );
  const stopListening = terminal.onLine((line) => {
    const mark = line.trim();
    if (mark === "") return;
    recorder.mark(mark);
    terminal.err(`marked: ${mark}\n`);
  });
  const limit = Promise.withResolvers<void>();
  const cancel = limitMs === undefined ? undefined : clock.after(limitMs, limit.resolve);
  await Promise.race([terminal.interrupted(), limit.promise]);
  cancel?.();
  stopListening();
  asking.stop();
  await Promise.all(reflectors.map((reflector) => reflector.stop()));
  await new Promise<void>((resolve) => file.end(resolve));
  terminal.err(`${recorder.lines} lines in ${out}\n`);
  return EXIT_CODES.fine;
}

/** Rejects with UsageError when it cannot be written, or exists. */
async function newFile(path: string): Promise<WriteStream> {
  const file = createWriteStream(path, { flags: "wx" });
  await new Promise<void>((resolve, reject) => {
    file.once("open", () => resolve()).once("error", reject);
  }).catch((error: NodeJS.ErrnoException) => {
    const hint = error.code === "EEXIST" ? "; choose another --out" : "";
    throw new UsageError(`${error.message}${hint}`, { cause: error });
  });
  return file;
}

/** The guards say what is asked; where there are none, or they cannot be read, those with defaults do. */
async function guardsIn(client: ApiClient, namespace: string): Promise<readonly RawObject[]> {
  const [{ listAll }, { ApiError }] = await Promise.all([
    import("../../../kube/list-all.ts"),
    import("../../../kube/connection/api-error.ts"),
  ]);
  try {
    return await listAll(client, "rolloutguards", namespace);
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}

interface Recorded {
  readonly access: ClusterAccess;
  readonly recorder: Recorder;
  readonly caches: Caches;
  readonly asking: Asking;
  readonly hasSlices: boolean;
  readonly terminal: Terminal;
}

async function startReflectors({ access, recorder, caches, asking, hasSlices, terminal }: Recorded) {
  const { client, clock, namespace } = access;
  const [{ Reflector }, { REVISION_RESOURCES, WORKLOAD_RESOURCES }] = await Promise.all([
    import("../../../kube/reflector/reflector.ts"),
    import("../../../kube/workloads/ports-by-kind.ts"),
  ]);
  const resources: readonly ResourceName[] = [
    ...WORKLOAD_RESOURCES,
    ...REVISION_RESOURCES,
    "pods",
    "services",
    ...(hasSlices ? (["endpointslices"] as const) : []),
    "endpoints",
    "events",
  ];
  return resources.map((resource) => {
    const isCached = resource !== "endpoints" || !hasSlices;
    const sinks = [recorder.sinkFor(resource), ...(isCached ? [caches.sinkFor(resource, namespace)] : [])];
    const sink = sinkInto(sinks, () => resource === "deployments" && asking.seen());
    const onProblem = (message: string) => terminal.err(`${message}\n`);
    const reflector = new Reflector({
      client,
      clock,
      resource,
      namespace,
      sink,
      fieldSelector: "",
      onProblem,
    });
    reflector.start();
    return reflector;
  });
}
