// Does each new pod migrate the data while old pods still use it?
import type { LintRule } from "../../finding.ts";
import { rolloutPlanOf } from "../../rollout-plan.ts";

const MIGRATES =
  /\b(migrat(e|es|ion|ions|or)|flyway|liquibase|alembic|db:migrate|goose|sqitch|dbmate|schema[-_]?(update|upgrade))\b/i;

export const migrationAtStart: LintRule = {
  id: "migration-at-start",
  severity: "warning",
  meaning: "Every new pod migrates the data in an init container, while old pods still use it",
  advice:
    "During a rolling update several pods migrate at once, a migration that fails stops the rollout half-way, and a rollback does not undo it. A Job before the rollout runs once. It is information where one pod at a time starts.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      const plan = rolloutPlanOf(workload, inventory);
      if (plan === undefined || plan.surge === 0) continue;
      const { manifest, title, containers } = workload;
      const found = containers.find(
        ({ role, name, field }) =>
          role === "init" &&
          [
            name,
            ...[...field.at("command").items(), ...field.at("args").items()].map(({ shown }) => shown),
          ].some((text) => MIGRATES.test(text.replaceAll("_", "-"))),
      );
      if (found === undefined) continue;
      yield {
        manifest,
        field: found.field,
        ...(plan.replicas <= 1 && { severity: "info" as const }),
        message: `Init container ${found.name} of ${title} migrates the data at the start of every new pod, while old pods still run: ${plan.replicas > 1 ? "several migrations can run at once, and " : ""}old pods see the new schema.`,
        fix: "Migrate in a Job before the rollout (a hook of Helm or Argo CD), in steps that both versions can work with.",
      };
    }
  },
};
