// `veto`: prevents a Deployment from being rolled back, with a reason, until the veto is removed.
import { ANNOTATIONS } from "../../api/group.ts";
import type { ClusterAccess } from "../cluster/cluster-access.ts";
import { defineClusterCommand } from "../cluster/cluster-command.ts";
import { CommandError, EXIT_CODES, type ExitCode, UsageError } from "../exit-codes.ts";
import { onOff, text } from "../flags.ts";
import { deploymentName } from "../named-object.ts";
import { LONGEST_REASON, recordedReason } from "../reason-flag.ts";
import type { Terminal } from "../terminal.ts";
import { shown } from "../text/paragraph.ts";

interface Request {
  readonly name: string;
  /** Undefined: the veto is to be removed. */
  readonly reason: string | undefined;
}

export const vetoCommand = defineClusterCommand({
  summary: "Prevent a Deployment from being rolled back",
  description:
    "Prevents a Deployment from being rolled back, by its guard or manually, for example after a database migration that cannot be undone. Failures are still recorded. The veto applies to later releases too, until you remove it.",
  usage: "NAME --reason TEXT | --remove [-n NS] [flags]",
  argument: "<NAME>",
  flags: {
    reason: text("--reason <TEXT>", "why it must not be rolled back; shown in Incidents"),
    remove: onOff("--remove", "remove the veto; the guard can roll back again"),
  },
  examples: [
    'kubectl rolloutguard veto web -n shop --reason "v3 has migrated the database"',
    "kubectl rolloutguard veto web -n shop --remove",
  ],
  exitCodes: "0 done, 2 wrong usage, 3 unknown, 6 not found, 7 overtaken",
  completes: "deployments",
  parse: ({ args, flags: { reason, remove } }): Request => ({
    name: deploymentName("veto", args[0]),
    reason: reasonOf(reason, remove),
  }),
  run: veto,
});

/** Undefined: the veto is to be removed. Throws UsageError. */
function reasonOf(reason: string | undefined, isRemoved: boolean): string | undefined {
  if (isRemoved) {
    if (reason !== undefined) throw new UsageError("pass either --reason TEXT or --remove");
    return undefined;
  }
  const recorded = recordedReason(reason ?? "");
  if (recorded === undefined) {
    throw new UsageError(
      `a veto needs a reason of at most ${LONGEST_REASON} characters: --reason "v3 has migrated the database" (or --remove)`,
    );
  }
  return recorded;
}

async function veto(access: ClusterAccess, { name, reason }: Request, terminal: Terminal): Promise<ExitCode> {
  const [
    { metaOf, asObject, asTexts },
    { setVeto },
    { whoAmI },
    { EventPublisher },
    { ConflictError },
    { vetoRemoved, vetoSet },
  ] = await Promise.all([
    import("../../kube/objects.ts"),
    import("../../kube/writes/veto.ts"),
    import("../../kube/who-am-i.ts"),
    import("../../kube/writes/event-publisher.ts"),
    import("../../kube/connection/api-error.ts"),
    import("../../domain/notices/events.ts"),
  ]);
  const { client, clock, namespace } = access;
  const { readDeployment } = await import("../cluster/read-deployment.ts");
  const deployment = await readDeployment(access, name);
  const { uid, annotations } = metaOf(deployment);
  const before = annotations[ANNOTATIONS.veto];
  const template = asObject(asObject(asObject(deployment.spec).template).metadata);
  const inTemplate = asTexts(template.annotations)[ANNOTATIONS.veto];
  if (reason === undefined && before === undefined) {
    terminal.out(`Deployment ${name} has no veto.\n`);
    if (inTemplate !== undefined) terminal.out(TEMPLATE_NOTE);
    return EXIT_CODES.fine;
  }
  await setVeto(client, "Deployment", deployment, reason).catch((error: unknown) => {
    if (!(error instanceof ConflictError)) throw error;
    throw new CommandError(error.message, EXIT_CODES.overtaken, { cause: error });
  });
  const who = (await whoAmI(client)) ?? "Somebody";
  const events = new EventPublisher({ client, clock, reportingInstance: "kubectl-rolloutguard" });
  const event = reason === undefined ? vetoRemoved(who, before ?? "") : vetoSet(who, reason);
  if ((await events.publish({ kind: "Deployment", namespace, name, uid }, event)) === "failed") {
    terminal.err("note: no Event was recorded: you have no permission to create events\n");
  }
  terminal.out(reason === undefined ? removed(name, before) : set(name, namespace, reason, before));
  if (reason === undefined && inTemplate !== undefined) terminal.out(TEMPLATE_NOTE);
  for (const note of await notesOn(access, name)) terminal.out(`${shown(note)}\n`);
  return EXIT_CODES.fine;
}

const TEMPLATE_NOTE = `The pod template has its own veto (annotation ${ANNOTATIONS.veto}), which applies to this release; remove it in the manifest.\n`;

function set(name: string, namespace: string, reason: string, before: string | undefined): string {
  return [
    `Veto set: Deployment ${name} cannot be rolled back, by its guard or manually: ${reason}`,
    ...(before !== undefined && before !== reason ? [`It replaces the earlier veto: ${before}`] : []),
    "Failures are recorded as Incidents, which stay Held. The veto applies to later releases too. To remove it:",
    `  kubectl rolloutguard veto ${name} -n ${namespace} --remove`,
    "",
  ]
    .map(shown)
    .join("\n");
}

function removed(name: string, before: string | undefined): string {
  return shown(
    `Veto removed from Deployment ${name} (it was: ${before}).\nThe guard can roll back again, also what is failing now.\n`,
  );
}

/** Nobody heeds the veto but the command `rollback`. */
function unwatched(name: string): string {
  return `No RolloutGuard watches Deployment ${name}: the veto only stops kubectl rolloutguard rollback until one does.`;
}

/** What of the guard the person should know; nothing where it may not be read. */
async function notesOn({ client, namespace }: ClusterAccess, name: string): Promise<readonly string[]> {
  const [{ listAll }, { asObject, asText, metaOf }, { ApiError, isNotFound }] = await Promise.all([
    import("../../kube/list-all.ts"),
    import("../../kube/objects.ts"),
    import("../../kube/connection/api-error.ts"),
  ]);
  try {
    const guards = await listAll(client, "rolloutguards", namespace);
    const guard = guards.find(({ spec }) => asText(asObject(asObject(spec).target).name) === name);
    if (!guard) return [unwatched(name)];
    const { phase } = asObject(guard.status);
    return phase === "RollingBack"
      ? [`Guard ${metaOf(guard).name} is rolling back now; a veto does not stop that rollback.`]
      : [];
  } catch (error) {
    if (isNotFound(error)) return [unwatched(name)];
    if (error instanceof ApiError) return [];
    throw error;
  }
}
