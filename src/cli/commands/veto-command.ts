// `veto`: "do not roll this Deployment back", said by a person with a reason, and taken back.
import { ANNOTATIONS, GROUP } from "../../api/group.ts";
import { vetoRemoved, vetoSet } from "../../domain/notices/events.ts";
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
  /** Undefined: the veto is to go. */
  readonly reason: string | undefined;
}

export const vetoCommand = defineClusterCommand({
  summary: "Prevent a Deployment from being rolled back",
  description:
    "Puts a veto on rolling a Deployment back, by its guard or by hand, for example after a database migration that cannot be undone. Failures are recorded all the same. It holds for later releases too, until it is removed.",
  usage: "NAME --reason TEXT | --remove [-n NS] [flags]",
  argument: "<NAME>",
  flags: {
    reason: text("--reason <TEXT>", "why it must not be rolled back; everybody who asks is told"),
    remove: onOff("--remove", "end the veto: the guard may act again, also on what fails now"),
  },
  examples: [
    'kubectl rolloutguard veto web -n shop --reason "v3 has migrated the database"',
    "kubectl rolloutguard veto web -n shop --remove",
  ],
  exitCodes: "0 done, 2 wrong usage, 3 cannot tell, 6 no such Deployment,\n7 overtaken",
  completes: "deployments",
  parse: ({ args, flags: { reason, remove } }): Request => ({
    name: deploymentName("veto", args[0]),
    reason: reasonOf(reason, remove),
  }),
  run: veto,
});

/** Undefined: the veto is to go. Throws UsageError. */
function reasonOf(reason: string | undefined, isRemoved: boolean): string | undefined {
  if (isRemoved) {
    if (reason !== undefined) throw new UsageError("write either --reason TEXT or --remove");
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
  const [{ metaOf, asObject, asTexts }, { setVeto }, { whoAmI }, { EventPublisher }, { ConflictError }] =
    await Promise.all([
      import("../../kube/objects.ts"),
      import("../../kube/writes/veto.ts"),
      import("../../kube/who-am-i.ts"),
      import("../../kube/writes/event-publisher.ts"),
      import("../../kube/connection/api-error.ts"),
    ]);
  const { client, clock, namespace } = access;
  const { readDeployment } = await import("../cluster/read-deployment.ts");
  const deployment = await readDeployment(access, name);
  const { uid, annotations } = metaOf(deployment);
  const before = annotations[ANNOTATIONS.veto];
  const template = asObject(asObject(asObject(deployment.spec).template).metadata);
  const inTemplate = asTexts(template.annotations)[ANNOTATIONS.veto];
  if (reason === undefined && before === undefined) {
    terminal.out(`There is no veto on Deployment ${name}.\n`);
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
    terminal.err("note: no Event tells of it: you may not create events\n");
  }
  terminal.out(reason === undefined ? removed(name, before) : set(name, namespace, reason, before));
  if (reason === undefined && inTemplate !== undefined) terminal.out(TEMPLATE_NOTE);
  for (const note of await notesOn(access, name)) terminal.out(`${shown(note)}\n`);
  return EXIT_CODES.fine;
}

const TEMPLATE_NOTE = `The pod template has a veto of its own (annotation ${ANNOTATIONS.veto}), which holds as long as this release: it goes with the manifest.\n`;

function set(name: string, namespace: string, reason: string, before: string | undefined): string {
  return [
    `Veto set: Deployment ${name} is not rolled back, by its guard or by hand: ${reason}`,
    ...(before !== undefined && before !== reason ? [`It takes the place of the former one: ${before}`] : []),
    "Failures are recorded as Incidents, which stay Held. It holds for later releases too, until",
    `  kubectl rolloutguard veto ${name} -n ${namespace} --remove`,
    "",
  ]
    .map(shown)
    .join("\n");
}

function removed(name: string, before: string | undefined): string {
  return shown(
    `Veto removed from Deployment ${name} (it was: ${before}).\nThe guard may act again, also on what fails now.\n`,
  );
}

/** What of the guard the person should know; nothing where it may not be read. */
async function notesOn({ client, namespace }: ClusterAccess, name: string): Promise<readonly string[]> {
  const [{ listAll }, { asObject, asText, metaOf }, { ApiError }] = await Promise.all([
    import("../../kube/list-all.ts"),
    import("../../kube/objects.ts"),
    import("../../kube/connection/api-error.ts"),
  ]);
  try {
    const guards = await listAll(client, "rolloutguards", namespace);
    const guard = guards.find(({ spec }) => asText(asObject(asObject(spec).target).name) === name);
    if (!guard) return [`No RolloutGuard of ${GROUP} watches this Deployment; it would heed the veto.`];
    const { phase } = asObject(guard.status);
    return phase === "RollingBack"
      ? [`Guard ${metaOf(guard).name} is going back at this moment; that is not stopped by a veto.`]
      : [];
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}
