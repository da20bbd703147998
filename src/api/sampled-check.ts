// What metric and HTTP checks have in common: a name, how often they ask, and what they decide.
import { z } from "zod";
import { boundedDuration } from "./bounded-duration.ts";
import { intOrString } from "./int-or-string.ts";
import { withRule } from "./validation-rule.ts";

const NAME_PATTERN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

/** The key of its list. */
export const checkName = withRule(z.string().min(1).max(40), {
  rule: `self.matches('${NAME_PATTERN}')`,
  message: "must be a short name of lower case letters, digits and '-', for example errors",
  holds: (value) => new RegExp(NAME_PATTERN).test(value),
}).describe("Name of the check, for status, Incidents and logs.");

export const checkMode = z
  .enum(["Rollback", "Observe"])
  .default("Rollback")
  .describe("Rollback: the rollout fails when the check fails. Observe: only report what the check finds.");

/** The name or the number of a container port. */
export const containerPort = intOrString({
  pattern: "^[a-z0-9]([-a-z0-9]{0,14})$",
  message: "must be the name or the number of a container port, for example http or 8080",
});

/** How often a check asks. */
export function sampleInterval(byDefault: string) {
  return boundedDuration({ says: "How often to ask.", byDefault, from: "5s", to: "5m" });
}

/** What comes too early says nothing of the release. */
export function initialDelay(byDefault: string) {
  return boundedDuration({
    says: "How long after a pod became ready its answers do not count: cold caches and compilation make the first ones slow.",
    byDefault,
    from: "0s",
    to: "10m",
  });
}
