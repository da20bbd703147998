// A release that exits at once because a variable is missing. It also serves whoever tests what happens around a rollback:
// with IMPATIENT checks no other release is rolled back as soon.
import type { Rollback } from "./story/outcomes.ts";

const NEEDS_VARIABLE = { REQUIRED_ENV: "DATABASE_URL", CRASH_AFTER: "1s" };

export const WITH_VARIABLE = { tag: "v1", env: { ...NEEDS_VARIABLE, DATABASE_URL: "postgres://db/shop" } };
export const WITHOUT_VARIABLE = { tag: "v2", env: NEEDS_VARIABLE };

/** What its Incident has to say. */
export const MENTIONS_VARIABLE: Rollback = {
  reason: "CrashLooping",
  class: "EnvironmentVariableMissing",
  cause: "DATABASE_URL is not set",
};

/** Checks that do not wait for whether anybody is hurt. */
export const IMPATIENT = { crashLoop: { patience: "10s" } };
