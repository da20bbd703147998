// Reads a fault of nodes that came as JSON; what is wrong with it is told with what to write instead.
import { z } from "zod";
import type { NodeEffects, NodeFault } from "./node-fault.ts";
import { PULL_FAILURES } from "./pull-failures.ts";
import { REFUSAL_REASONS } from "./refusal.ts";

/** The effects by the one key that each has. */
const EFFECTS = {
  pull: z.enum(PULL_FAILURES),
  pullTakesMs: z.number().min(0),
  refuse: z.union([z.enum(REFUSAL_REASONS), z.strictObject({ reason: z.string(), message: z.string() })]),
  driverMissing: z.string().min(1),
  mountFails: z.string().min(1),
  create: z.literal("nameReserved"),
} satisfies { [Name in keyof NodeEffects]: z.ZodType<NodeEffects[Name]> };

const EFFECT_NAMES = Object.keys(EFFECTS).join(", ");

const fault = z.strictObject({
  does: z
    .strictObject(EFFECTS)
    .partial()
    .refine((does) => Object.keys(does).length === 1, `write exactly one of ${EFFECT_NAMES}`),
  on: z
    .strictObject({
      node: z.string(),
      namespace: z.string(),
      labels: z.record(z.string(), z.string()),
      image: z.string(),
      volume: z.string(),
    })
    .partial()
    .optional(),
  times: z.int().min(1).optional(),
  forMs: z.number().min(0).optional(),
});

/** The fault, or sentences that say what is wrong, each beginning with the field. */
export function readNodeFault(
  input: unknown,
): { readonly fault: NodeFault } | { readonly errors: readonly string[] } {
  const read = fault.safeParse(input);
  if (read.success) return { fault: read.data as NodeFault };
  return {
    errors: read.error.issues.map(
      ({ path, message }) => `${path.map(String).join(".") || "the fault"}: ${message}`,
    ),
  };
}
