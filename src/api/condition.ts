// Kubernetes conditions: the shape, and the one rule for changing them.
import { z } from "zod";

export const conditionSchema = z.object({
  type: z.string().min(1).max(316).describe("Type of the condition in CamelCase."),
  status: z.enum(["True", "False", "Unknown"]).describe("Status of the condition."),
  observedGeneration: z
    .int()
    .min(0)
    .optional()
    .describe("Generation of the object that the condition is based on."),
  lastTransitionTime: z.iso.datetime().describe("Time at which the status last changed."),
  reason: z.string().min(1).max(1024).describe("Reason of the last transition, in one CamelCase word."),
  message: z.string().max(32768).describe("Description of the reason."),
});

/** A condition as Kubernetes' API conventions define it. */
export type Condition = z.infer<typeof conditionSchema>;

/**
 * The conditions with `next` set. `lastTransitionTime` moves only when the status changes
 * (API conventions), so a repeated verdict does not look new.
 */
export function setCondition(
  conditions: readonly Condition[],
  next: Omit<Condition, "lastTransitionTime">,
  at: string,
): Condition[] {
  const previous = conditions.find((condition) => condition.type === next.type);
  const lastTransitionTime = previous?.status === next.status ? previous.lastTransitionTime : at;
  const others = conditions.filter((condition) => condition.type !== next.type);
  return [...others, { ...next, lastTransitionTime }].sort((a, b) => a.type.localeCompare(b.type));
}
