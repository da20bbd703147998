// What one run of the bench found, as it is printed, written as JSON and drawn.
import type { SceneFacts } from "./cluster/commands.ts";
import type { LoadFigures } from "./measure/load.ts";
import type { ReactionFigures, StormFigures } from "./measure/rollouts.ts";
import type { SyncFigures } from "./measure/sync.ts";
import type { SceneSize } from "./scene/scene-plan.ts";

/** One size of the series that shows how the figures grow. */
export interface GrowthPoint {
  readonly guards: number;
  readonly guardedPods: number;
  readonly sync: SyncFigures;
  readonly load: LoadFigures;
  readonly reaction: ReactionFigures;
}

/** The same guards without any other pods, and with many in namespaces without guards. Median RSS in MB. */
export interface BystanderFigures {
  readonly guards: number;
  readonly withoutMB: number;
  readonly bystanderPods: number;
  readonly withMB: number;
}

/** What was measured, on what. */
export interface BenchResults {
  /** RFC 3339. */
  readonly takenAt: string;
  readonly revision: string;
  readonly versions: { readonly operator: string; readonly node: string };
  readonly machine: {
    readonly cores: number;
    readonly cpu: string;
    readonly memoryGB: number;
    readonly system: string;
    /** Of the last minute, when the bench began: near 0 on a machine that has nothing else to do. */
    readonly loadBefore: number;
  };
  /** How operator and cluster talked. */
  readonly transport: string;
  readonly size: SceneSize;
  readonly objects: SceneFacts["objects"];
  readonly guardedPods: number;
  readonly podsBesideGuards: number;
  /** Parts that could not be measured, and why. */
  readonly problems?: readonly string[];
  readonly sync?: SyncFigures;
  readonly loads?: readonly LoadFigures[];
  readonly reactions?: readonly ReactionFigures[];
  readonly storms?: readonly StormFigures[];
  readonly growth?: readonly GrowthPoint[];
  readonly bystanders?: BystanderFigures;
}
