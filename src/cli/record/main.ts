// npm run record -- --namespace N --out FILE : writes down a rollout on a live cluster, to be replayed later.
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { parseDuration } from "../../api/duration.ts";
import { ClusterClock } from "../../kube/cluster-clock.ts";
import { type ApiClient, createApiClient } from "../../kube/connection/api-client.ts";
import { createConnection } from "../../kube/connection/connection.ts";
import { servesEndpointSlices } from "../../kube/connection/discovery.ts";
import { loadKubeConfig } from "../../kube/connection/kube-config.ts";
import { Reflector } from "../../kube/reflector/reflector.ts";
import type { ResourceName } from "../../kube/resources.ts";
import { VERSION } from "../../version.ts";
import { Recorder } from "./recorder.ts";

const HELP = `Usage: npm run record -- --namespace N --out FILE [--for 5m] [--kubeconfig FILE] [--context NAME]

Writes down everything that a watcher of one namespace sees: Deployments, ReplicaSets, pods, Services,
endpoints and Events. Lines that you type become marks ("new revision applied"). Ends with Ctrl-C or after --for.

Example: npm run record -- --namespace production --out checkout.jsonl
Then:    npm run replay -- checkout.jsonl
`;

/** Something that whoever runs the command can mend. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      namespace: { type: "string", short: "n" },
      out: { type: "string", short: "o" },
      for: { type: "string" },
      kubeconfig: { type: "string" },
      context: { type: "string" },
      "clock-rate": { type: "string", default: "1" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const { namespace, out } = values;
  if (!namespace || !out) throw new UsageError("write npm run record -- --namespace N --out FILE");
  const limitMs = values.for === undefined ? undefined : parseDuration(values.for);
  if (values.for !== undefined && limitMs === undefined) {
    throw new UsageError(`--for ${values.for}: write a duration such as 90s or 5m`);
  }
  const clock = new ClusterClock({ rate: Number(values["clock-rate"]) });
  const connection = createConnection(() =>
    loadKubeConfig({ file: values.kubeconfig, context: values.context }),
  );
  const client = createApiClient({ connection, clock, userAgent: `rolloutguard-record/${VERSION}` });
  const hasSlices = await servesEndpointSlices(client);

  const file = createWriteStream(out, { flags: "wx" });
  await new Promise<void>((resolve, reject) => file.once("open", () => resolve()).once("error", reject));
  const recorder = new Recorder({ now: () => clock.now(), write: (line) => void file.write(`${line}\n`) });
  const reflectors = startReflectors(client, clock, namespace, recorder, hasSlices);
  await Promise.all(reflectors.map((reflector) => reflector.whenSynced()));
  process.stderr.write(
    `recording namespace ${namespace} into ${out}; type a line to mark what you do, Ctrl-C to end\n`,
  );
  const typed = createInterface({ input: process.stdin });
  typed.on("line", (text) => {
    if (text.trim() === "") return;
    recorder.mark(text.trim());
    process.stderr.write(`marked: ${text.trim()}\n`);
  });

  await ended(clock, limitMs);
  typed.close();
  await Promise.all(reflectors.map((reflector) => reflector.stop()));
  await connection.close();
  await new Promise((resolve) => file.end(resolve));
  process.stderr.write(`${recorder.lines} lines in ${out}\n`);
}

function startReflectors(
  client: ApiClient,
  clock: ClusterClock,
  namespace: string,
  recorder: Recorder,
  hasSlices: boolean,
): readonly Reflector[] {
  const resources: readonly ResourceName[] = [
    "deployments",
    "replicasets",
    "pods",
    "services",
    ...(hasSlices ? (["endpointslices"] as const) : []),
    "endpoints",
    "events",
  ];
  return resources.map((resource) => {
    const sink = recorder.sinkFor(resource);
    const onProblem = (message: string) => process.stderr.write(`${message}\n`);
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

/** Resolves on Ctrl-C, on SIGTERM, or when the time is up. */
function ended(clock: ClusterClock, limitMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const cancel = limitMs === undefined ? undefined : clock.after(limitMs, () => resolve());
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        cancel?.();
        resolve();
      });
    }
  });
}

try {
  await main();
} catch (error) {
  const isFileThere = error instanceof Error && "code" in error && error.code === "EEXIST";
  const message = isFileThere
    ? `${error.message}; choose another --out`
    : error instanceof Error
      ? error.message
      : String(error);
  process.stderr.write(`record: ${message}\n`);
  process.exitCode = 2;
}
process.exit();
