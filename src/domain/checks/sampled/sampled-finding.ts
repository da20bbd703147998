// One finding of all metric checks of a guard, or of all its HTTP checks: the worst decides, the others are its evidence. Pure.
import type { CheckName, Finding } from "../../decision.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { fault, groundsIn, healthy, lasting, unknown } from "../fault.ts";
import type { CheckState, Trouble } from "./check-state.ts";

type Troubled = CheckState & { readonly trouble: Trouble };

/** What the states of the checks come to. What only observes never decides. */
export function sampledFinding(
  check: CheckName,
  rollout: Rollout,
  states: readonly CheckState[],
  now: number,
): Finding {
  const deciding = states.filter(({ mode }) => mode === "Rollback");
  const troubled = deciding.filter((state): state is Troubled => state.trouble !== undefined);
  const worst = troubled.find(({ state }) => state === "Failing") ?? troubled[0];
  if (worst) {
    const { trouble } = worst;
    const others = troubled.filter((one) => one !== worst).map(({ trouble }) => trouble.evidence[0]);
    const described = {
      sinceAt: trouble.sinceAt,
      restsOn: groundsIn(rollout, "pods"),
      pods: trouble.pods,
      ...fault(trouble.reason, textOf(worst), [...trouble.evidence, ...others]),
    };
    return worst.state === "Failing"
      ? { check, verdict: "failing", ...described }
      : lasting(check, described, trouble.untilAt ?? Number.POSITIVE_INFINITY, now);
  }
  const lacking = states.filter(({ isRequired, hasSeenEnough }) => isRequired && !hasSeenEnough);
  const untold = states.filter((one) => lacking.includes(one) || !SILENT.has(one.state));
  if (untold.length === 0) return healthy(check);
  return {
    ...unknown(check, untold.map(textOf).join("; ")),
    ...(lacking.length > 0 && { isRequired: true }),
  };
}

/** Of these there is nothing to say. */
const SILENT: ReadonlySet<CheckState["state"]> = new Set(["Passing", "Waiting"]);

function textOf({ name, message, mode, state }: CheckState): string {
  const only = mode === "Observe" && (state === "Failing" || state === "Pending") ? " (mode Observe)" : "";
  return `${name}${only}: ${message}`;
}
