// After a manual rollback: waits for its end, and where no operator records it, records it.
import { formatDuration } from "../../../api/duration.ts";
import { phaseOf } from "../../../api/incident.ts";
import type { Effect } from "../../../domain/effects/effect.ts";
import { ApiError, ConflictError } from "../../../kube/connection/api-error.ts";
import { EventPublisher } from "../../../kube/writes/event-publisher.ts";
import { updateIncidentStatus } from "../../../kube/writes/incident-writes.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import type { Look, WatchedDeployment } from "../../cluster/watched-deployment.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-codes.ts";
import type { ProgressLine } from "../../text/progress-line.ts";
import { HandOverByHand } from "./hand-over-by-hand.ts";
import type { SentRollback } from "./send-rollback.ts";

export interface RollbackEnd {
  readonly exitCode: ExitCode;
  readonly message: string;
}

/** So long an operator, if there is one, has for what there is to write; it needs a second or two. */
const OPERATOR_MS = 10_000;
/** So long after it was sent a patch whose answer was lost is waited for. */
const LOST_MS = 10_000;
const TICK_MS = 1_000;

/** Resolves with how it ended, at `endsAt` at the latest. */
export async function followRollback(
  access: ClusterAccess,
  deployment: WatchedDeployment,
  sent: SentRollback,
  { endsAt, progress }: { readonly endsAt: number; readonly progress: ProgressLine },
): Promise<RollbackEnd> {
  const scribe = new Scribe(access, deployment, sent.incident);
  const handOver = new HandOverByHand(access, deployment);
  for (;;) {
    await handOver.attempt();
    const look = deployment.look();
    if (!look) return { exitCode: EXIT_CODES.notFound, message: "The Deployment was deleted." };
    const end = endOf(look, sent);
    if (end) return end;
    if (look.now >= endsAt) {
      const message = `Service is not restored ${formatDuration(look.now - sent.at)} after the rollback was sent: ${look.decision.message}`;
      return { exitCode: EXIT_CODES.timedOut, message };
    }
    if (look.decision.phase === "RollingBack") {
      progress.show({ says: look.decision.message, ticks: `${Math.round((look.now - sent.at) / 1_000)}s` });
    }
    const writeAt = await scribe.write(look);
    const times = [endsAt, look.now + TICK_MS, look.decision.wakeAt ?? endsAt, writeAt ?? endsAt];
    await deployment.changed(Math.max(look.now + 1, Math.min(...times)));
  }
}

function endOf({ snapshot, workload, now }: Look, sent: SentRollback): RollbackEnd | undefined {
  const incident = snapshot.incidents.find(({ name }) => name === sent.incident);
  if (!incident)
    return { exitCode: EXIT_CODES.cannotTell, message: `Incident ${sent.incident} was deleted.` };
  const message = incident.status?.message ?? "";
  const phase = phaseOf(incident);
  if (phase === "Recovered") return { exitCode: EXIT_CODES.fine, message };
  if (phase === "NotRecovered") return { exitCode: EXIT_CODES.failing, message };
  if (phase === "Superseded") return { exitCode: EXIT_CODES.overtaken, message };
  if (workload.rolledBack?.incident !== sent.incident && now > sent.at + LOST_MS) {
    return {
      exitCode: EXIT_CODES.cannotTell,
      message:
        "The API server did not answer, and the Deployment shows no rollback. Check the Deployment, then try again.",
    };
  }
  return undefined;
}

/** Writes the Incident on when nobody else does. Two that write the same are no harm: the second is refused. */
class Scribe {
  readonly #access: ClusterAccess;
  readonly #deployment: WatchedDeployment;
  readonly #incident: string;
  readonly #events: EventPublisher;
  #phase: string | undefined;
  #wantedSinceAt = 0;
  #canWrite = true;

  constructor(access: ClusterAccess, deployment: WatchedDeployment, incident: string) {
    this.#access = access;
    this.#deployment = deployment;
    this.#incident = incident;
    const { client, clock } = access;
    this.#events = new EventPublisher({ client, clock, reportingInstance: "kubectl-rolloutguard" });
  }

  /** Resolves with when to look again for it, if there is anything to write later. */
  async write({ snapshot, decision, guard, now, isCurrent }: Look): Promise<number | undefined> {
    const update = decision.effects.find(
      (effect): effect is Extract<Effect, { type: "updateIncident" }> =>
        effect.type === "updateIncident" && effect.name === this.#incident,
    );
    if (!update || !this.#canWrite || !isCurrent) return undefined;
    if (this.#phase !== update.status.phase) this.#wantedSinceAt = now;
    this.#phase = update.status.phase;
    const writeAt = this.#wantedSinceAt + (guard.isReal ? OPERATOR_MS : 0);
    if (now < writeAt) return writeAt;
    const { client, clock, namespace } = this.#access;
    const { caches } = this.#deployment;
    const expected = { resourceVersion: caches.resourceVersionOf("incidents", namespace, update.name) };
    try {
      const written = await updateIncidentStatus(
        client,
        { namespace, name: update.name },
        expected,
        update.status,
      );
      caches.apply("incidents", "MODIFIED", written, clock.now());
    } catch (error) {
      if (error instanceof ConflictError) return undefined;
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      // An operator that comes writes it.
      this.#canWrite = false;
      return undefined;
    }
    const { workload } = snapshot;
    for (const effect of decision.effects) {
      if (effect.type !== "publishEvent" || effect.event.on !== "Workload" || !workload) continue;
      await this.#events.publish(
        { kind: workload.kind, namespace, name: workload.name, uid: workload.uid },
        effect.event,
      );
    }
    return undefined;
  }
}
