// What Kubernetes' validation says of Deployments and their like.
import type { Workload } from "../workload.ts";
import { choices } from "./container-refusals.ts";
import { podRefusals } from "./pod-refusals.ts";
import { pathText, type Refusal } from "./refusal.ts";

export function workloadRefusals(workload: Workload): readonly Refusal[] {
  const { kind } = workload.manifest;
  return [
    ...podRefusals(workload),
    ...restartRefusals(workload),
    ...(kind === "Deployment" ? [...strategyRefusals(workload), ...deadlineRefusals(workload)] : []),
    ...(kind === "CronJob" ? scheduleRefusals(workload) : []),
  ];
}

const RESTARTED = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"];

function restartRefusals({ manifest, template }: Workload): readonly Refusal[] {
  const policy = template.at("spec", "restartPolicy");
  if (RESTARTED.includes(manifest.kind)) return choices(policy, ["Always"]);
  if (manifest.group !== "batch") return choices(policy, ["Always", "Never", "OnFailure"]);
  if (policy.isThere) return choices(policy, ["Never", "OnFailure"]);
  return [
    {
      field: policy,
      says: `${pathText(policy)}: Required value: valid values: "OnFailure", "Never"`,
      fix: "Write `restartPolicy: Never`, or `OnFailure`.",
    },
  ];
}

function* strategyRefusals({ manifest }: Workload): Iterable<Refusal> {
  const strategy = manifest.root.at("spec", "strategy");
  const rolling = strategy.at("rollingUpdate");
  const type = strategy.at("type");
  yield* choices(type, ["Recreate", "RollingUpdate"]);
  if (type.text === "Recreate" && rolling.isThere) {
    yield {
      field: rolling,
      says: `${pathText(rolling)}: Forbidden: may not be specified when strategy \`type\` is 'Recreate'`,
      fix: "Take `rollingUpdate` out, or write `type: RollingUpdate`.",
    };
    return;
  }
  const [surge, unavailable] = [rolling.at("maxSurge"), rolling.at("maxUnavailable")];
  const isNone = (value: unknown) => value === 0 || value === "0%";
  if (isNone(surge.value) && isNone(unavailable.value)) {
    yield {
      field: unavailable,
      says: `${pathText(unavailable)}: Invalid value: ${unavailable.shown}: may not be 0 when \`maxSurge\` is 0`,
      fix: "Write `maxSurge: 1`, so that a new pod is ready before an old one ends.",
    };
  }
  for (const field of [surge, unavailable]) {
    if (field.text === undefined || /^\d+%$/.test(field.text) || /\$|\{\{/.test(field.text)) continue;
    yield {
      field,
      says: `${pathText(field)}: Invalid value: "${field.text}": a valid percent string must be a numeric string followed by an ending '%'`,
      fix: /^\d+$/.test(field.text)
        ? `Write \`${field.text}\` without quotes, or \`${field.text}%\`.`
        : "Write a number, or a percentage such as `25%`.",
    };
  }
}

function* deadlineRefusals({ manifest }: Workload): Iterable<Refusal> {
  const spec = manifest.root.at("spec");
  const deadline = spec.at("progressDeadlineSeconds");
  const minReady = spec.at("minReadySeconds").number ?? 0;
  const seconds = deadline.number ?? 600;
  if (minReady === 0 || seconds > minReady) return;
  yield {
    field: deadline.isThere ? deadline : spec.at("minReadySeconds"),
    says: `${pathText(deadline)}: Invalid value: ${seconds}: must be greater than minReadySeconds`,
    fix: `Write \`progressDeadlineSeconds: ${minReady + 600}\`.`,
  };
}

function scheduleRefusals({ manifest }: Workload): readonly Refusal[] {
  const schedule = manifest.root.at("spec", "schedule");
  const text = schedule.text?.trim();
  if (text === undefined || /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/.test(text))
    return [];
  const count = text.split(/\s+/).length;
  if (count === 5 || /[${]/.test(text)) return [];
  return [
    {
      field: schedule,
      says: `${pathText(schedule)}: Invalid value: "${text}": expected exactly 5 fields, found ${count}`,
      fix: "Write minute, hour, day of the month, month and day of the week, such as `0 3 * * *`.",
    },
  ];
}
