// What becomes of a scenario where nothing guards the application: somebody looks on, and goes back by hand after a while.
import { SHOP } from "../../testing/shop.ts";
import type { StageParts } from "./expectations.ts";
import { foreignChanges } from "./foreign-changes.ts";
import type { Outcomes } from "./outcomes.ts";

/** Longer than the operator takes to decide in any scenario, the one that falls ill after 60 s among them. */
const PERSON_ACTS_AFTER_MS = 100_000;
/** What follows the last change of a Deployment, such as Events and endpoints, has come by then. */
const SETTLES_MS = 6_000;
/** So long what is well is watched after it is complete. */
const WATCHED_MS = 20_000;
/** A person who looks at what cannot be taken back. */
const LOOKED_AT_MS = 45_000;

export interface Stage extends StageParts {
  readonly pass: (ms: number) => Promise<void>;
  readonly onDeed?: ((what: string) => Promise<void>) | undefined;
}

/** Nothing is judged: the real cluster does what it does. Rejects when what runs well never gets complete. */
export function lookOn({ mirror, namespace, sight, deeds, eventually, pass, onDeed }: Stage): Outcomes {
  async function complete(name: string): Promise<void> {
    await eventually(
      () => `${name} runs and is served`,
      () => sight.isComplete(name) && sight.readyEndpoints(name) >= sight.deployment(name).spec.replicas,
    );
    await pass(SETTLES_MS);
  }

  return {
    takenUp: (name = SHOP) => complete(name),

    /** Every scenario begins with the version that works. */
    async rolledBack({ name = SHOP }) {
      await pass(PERSON_ACTS_AFTER_MS);
      await deeds.undoneTo(sight.history(name).at(-1)?.hash ?? "", name);
      await complete(name);
      await onDeed?.("rollout undo complete");
    },

    held: () => pass(LOOKED_AT_MS),
    superseded: () => complete(SHOP),

    async leftAlone() {
      await complete(SHOP);
      await pass(WATCHED_MS);
    },

    untouched: () => pass(WATCHED_MS),
    guardIs: () => {},
    foreign: (name) => foreignChanges(mirror, namespace, name, deeds.done),
    tell: (name) => `nothing guards ${name}`,
  };
}
