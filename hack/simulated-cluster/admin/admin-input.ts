// What people send to /simulated beside faults, checked.
import { z } from "zod";
import { badRequest } from "../api-server/api-error.ts";
import type { RestartOptions } from "../api-server/http/api-server.ts";
import type { SimulatedImage } from "../kubelet/images/images.ts";

const restart = z.strictObject({
  downMs: z.number().min(0).optional(),
  keepsHistory: z.boolean().optional(),
  isGraceful: z.boolean().optional(),
});

const nodeState = z.strictObject({ ready: z.boolean() });

const image = z.strictObject({
  isMissing: z.boolean().optional(),
  isOnNodes: z.boolean().optional(),
  build: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
});

/** Throws an ApiError (400) that says what to write instead. */
export function readImage(input: unknown): SimulatedImage {
  return read(image, input, '{"isOnNodes": false}');
}

/** Throws an ApiError (400) that says what to write instead. */
export function readRestart(input: unknown): RestartOptions {
  return read(restart, input, '{"downMs": 5000, "keepsHistory": false, "isGraceful": false}');
}

/** Throws an ApiError (400) that says what to write instead. */
export function readNodeState(input: unknown): { readonly ready: boolean } {
  return read(nodeState, input, '{"ready": false}');
}

function read<T>(schema: z.ZodType<T>, input: unknown, example: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `${path.join(".") || "the body"}: ${message}`,
  );
  throw badRequest(`${faults.join("; ")}. Write for example ${example}`);
}
