// Reads a fault that came as JSON; what is wrong with it is told with what to write instead.
import { z } from "zod";
import type { Fault, FaultEffect } from "./fault.ts";

const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "read",
  "write",
] as const;

const WATCH_EFFECTS = ["cut", "reset", "end", "freeze", "die", "halfLine", "brokenLine", "expire"] as const;

const ms = z.number().min(0);
const order = z.enum(["before", "after"]);
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item)]);

const answer = z.strictObject({
  code: z.int().min(100).max(599),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  message: z.string().optional(),
  retryAfterSeconds: z.number().min(0).optional(),
});

/** The effects by the one key that each has. */
const EFFECTS = {
  answer,
  delayMs: ms,
  slowMs: ms,
  cut: order,
  hang: order,
  spoil: z.enum(["json", "half"]),
  expireContinue: z.literal(true),
  stale: z.literal(true),
  watch: z.enum(WATCH_EFFECTS),
  watchDelayMs: ms,
} as const;

type EffectName = keyof typeof EFFECTS;
const EFFECT_NAMES = Object.keys(EFFECTS) as EffectName[];

/** Exactly one effect. A union would only say that none of its members fits. */
const effect = z.looseObject({}).transform((given, context): FaultEffect => {
  const names = Object.keys(given);
  const name = EFFECT_NAMES.find((each) => each === names[0]);
  if (name === undefined || names.length !== 1) {
    const found = names.length === 0 ? "nothing" : names.join(" and ");
    context.addIssue(`write exactly one of ${EFFECT_NAMES.join(", ")}, not ${found}`);
    return z.NEVER;
  }
  const read = EFFECTS[name].safeParse(given[name]);
  if (read.success) return { [name]: read.data } as FaultEffect;
  for (const issue of read.error.issues) context.addIssue({ ...issue, path: [name, ...issue.path] });
  return z.NEVER;
});

const fault = z.strictObject({
  does: effect,
  on: z
    .strictObject({
      verb: oneOrMore(z.enum(VERBS)).optional(),
      resource: oneOrMore(z.string()).optional(),
      subresource: oneOrMore(z.string()).optional(),
      namespace: oneOrMore(z.string()).optional(),
      name: oneOrMore(z.string()).optional(),
      userAgent: z.string().optional(),
      remotePort: z.int().optional(),
    })
    .optional(),
  times: z.int().min(1).optional(),
  forMs: ms.optional(),
  probability: z.number().min(0).max(1).optional(),
});

/** The fault, or sentences that say what is wrong, each beginning with the field. */
export function readFault(
  input: unknown,
): { readonly fault: Fault } | { readonly errors: readonly string[] } {
  const read = fault.safeParse(input);
  if (read.success) return { fault: read.data as Fault };
  return { errors: read.error.issues.map(tell) };
}

function tell(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join(".") || "the fault";
  // Of the two ways to write a matcher's field the single one is told.
  const [single] = issue.code === "invalid_union" ? (issue.errors[0] ?? []) : [];
  return `${path}: ${single?.message ?? issue.message}`;
}
