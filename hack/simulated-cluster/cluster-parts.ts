// What every controller and the kubelet get to work with.
import type { ApiObjects } from "./api-server/objects.ts";
import type { ControllerPauses } from "./controller-pauses.ts";
import type { Random } from "./random.ts";
import type { SimulatedTime } from "./simulated-time.ts";

export interface ClusterParts {
  readonly objects: ApiObjects;
  readonly time: SimulatedTime;
  readonly random: Random;
  /** Which controllers are behind. Undefined: none ever is. */
  readonly pauses?: ControllerPauses;
}
