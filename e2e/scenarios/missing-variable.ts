// A release that ends at once for want of a variable. No other is rolled back as soon, so that it also serves whoever
// tests what happens around a rollback.
import type { Rollback } from "./story/outcomes.ts";

const NEEDS_VARIABLE = { REQUIRED_ENV: "DATABASE_URL", CRASH_AFTER: "1s" };

export const WITH_VARIABLE = { tag: "v1", env: { ...NEEDS_VARIABLE, DATABASE_URL: "postgres://db/shop" } };
export const WITHOUT_VARIABLE = { tag: "v2", env: NEEDS_VARIABLE };

/** What its Incident has to say. */
export const TOLD_OF_VARIABLE: Rollback = {
  reason: "CrashLooping",
  class: "EnvironmentVariableMissing",
  cause: "DATABASE_URL is not set",
};
