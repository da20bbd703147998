// The faults of nodes that are in force, and whom they hit.
import type { Pod } from "../../api-server/kinds.ts";
import type { SimulatedTime } from "../../simulated-time.ts";
import type { NodeEffectName, NodeEffects, NodeFault, PodMatcher } from "./node-fault.ts";

/** A fault that was added. */
export interface NodeFaultHandle {
  readonly id: string;
  readonly fault: NodeFault;
  /** How often it has hit. */
  readonly hits: number;
  readonly isActive: boolean;
  /** Ends it; what it hit is tried again as the kubelet does. Nothing happens when it has ended already. */
  end(): void;
}

/** What a fault can hit: a pod on its node, and the image or volume that it is about. */
export interface FaultSubject {
  readonly pod: Pod;
  readonly image?: string | undefined;
  readonly volume?: string | undefined;
  /** The CSI driver of a volume that names one. */
  readonly driver?: string | undefined;
}

interface ActiveFault extends NodeFaultHandle {
  hits: number;
  isActive: boolean;
}

export class NodeFaults {
  readonly #time: SimulatedTime;
  readonly #faults = new Map<string, ActiveFault>();
  #ids = 0;

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  /** Puts a fault in force. */
  add(fault: NodeFault): NodeFaultHandle {
    const id = `node-fault-${++this.#ids}`;
    const end = (): void => {
      active.isActive = false;
      this.#faults.delete(id);
    };
    const active: ActiveFault = { id, fault, hits: 0, isActive: true, end };
    this.#faults.set(id, active);
    if (fault.forMs !== undefined) this.#time.after(fault.forMs, end);
    return active;
  }

  /** The faults in force, oldest first. */
  list(): readonly NodeFaultHandle[] {
    return [...this.#faults.values()];
  }

  /** Ends all faults. */
  clear(): void {
    for (const fault of this.list()) fault.end();
  }

  /** What the oldest fault with that effect does to the subject now, which counts as a hit. Undefined: nothing. */
  hit<Name extends NodeEffectName>(name: Name, subject: FaultSubject): NodeEffects[Name] | undefined {
    for (const active of this.#faults.values()) {
      const { on = {}, times } = active.fault;
      const does: Partial<NodeEffects> = active.fault.does;
      const effect = does[name];
      if (effect === undefined || !matches(on, subject) || !concernsDriver(active.fault, subject)) continue;
      active.hits += 1;
      if (times !== undefined && active.hits >= times) active.end();
      return effect;
    }
    return undefined;
  }
}

/** Which driver a claim has is not known here: a fault names its volume. */
function concernsDriver({ on, does }: NodeFault, { driver }: FaultSubject): boolean {
  if (!("driverMissing" in does)) return true;
  return driver === undefined ? on?.volume !== undefined : driver === does.driverMissing;
}

function matches(on: PodMatcher, { pod, image, volume }: FaultSubject): boolean {
  const { metadata, spec } = pod;
  const images = image === undefined ? spec.containers.map((each) => each.image) : [image];
  return (
    (on.node === undefined || on.node === spec.nodeName) &&
    (on.namespace === undefined || on.namespace === metadata.namespace) &&
    (on.volume === undefined || on.volume === volume) &&
    Object.entries(on.labels ?? {}).every(([key, value]) => metadata.labels?.[key] === value) &&
    images.some((each) => each.startsWith(on.image ?? ""))
  );
}
