// An operator that dies at its writes, and is followed by another one.
import { atWrites } from "./interventions.ts";
import type { Story } from "./story.ts";
import type { World } from "./world.ts";

export interface DyingOperator {
  /**
   * From now on it dies at every second of its writes, those of Events left out, so that there is an end. The write is carried out
   * (`after`) or lost (`before`), and another operator starts.
   */
  dieAtWrites(cut: "before" | "after"): {
    /** How many writes there were. */
    writes(): number;
    /** Resolves when the last one has started. */
    stop(): Promise<void>;
  };
}

/** Starts it for the namespace of the story. */
export async function startDyingOperator(world: World, story: Story): Promise<DyingOperator> {
  const settings = { namespaces: [story.namespace] };
  let operator = await world.startOperator(settings);
  return {
    dieAtWrites(cut) {
      let writes = 0;
      let restarting: Promise<void> = Promise.resolve();
      const stop = atWrites(story, (write) => {
        if (write.includes("events")) return undefined;
        writes += 1;
        if (writes % 2 === 0) return undefined;
        operator.kill();
        restarting = world.launchOperator(settings).then((next) => {
          operator = next;
        });
        return { cut };
      });
      return {
        writes: () => writes,
        stop: () => {
          stop();
          return restarting;
        },
      };
    },
  };
}
