// Which applications the scene has and where they are. Pure.

/** How large a scene is. */
export interface SceneSize {
  /** Guarded Deployments. */
  readonly guards: number;
  /** Deployments without a guard. */
  readonly unguarded: number;
  /** Pods of each Deployment. */
  readonly pods: number;
  /** How many of the unguarded ones are in namespaces with guards. Default: two for each such namespace. */
  readonly neighbours?: number;
}

/** One Deployment of the scene. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly isGuarded: boolean;
}

/** How many guarded Deployments share a namespace, and how many unguarded ones live among them. */
const GUARDED_PER_NAMESPACE = 20;
const NEIGHBOURS_PER_NAMESPACE = 2;
const UNGUARDED_PER_NAMESPACE = 25;

/**
 * The Deployments of a scene. Guarded ones fill namespaces of their own kind ("team-…") with a few unguarded ones among
 * them; all other unguarded ones are in namespaces in which there is no guard ("other-…").
 */
export function planScene({ guards, unguarded, neighbours }: SceneSize): readonly Place[] {
  const guarded = Array.from({ length: guards }, (_, i) => ({
    namespace: `team-${number(Math.floor(i / GUARDED_PER_NAMESPACE), 3)}`,
    name: `service-${number(i, 5)}`,
    isGuarded: true,
  }));
  const neighbourCount = Math.min(
    unguarded,
    neighbours ?? Math.ceil(guards / GUARDED_PER_NAMESPACE) * NEIGHBOURS_PER_NAMESPACE,
  );
  const rest = Array.from({ length: unguarded }, (_, i) => {
    const isNeighbour = i < neighbourCount;
    const group = isNeighbour
      ? `team-${number(Math.floor(i / NEIGHBOURS_PER_NAMESPACE), 3)}`
      : `other-${number(Math.floor((i - neighbourCount) / UNGUARDED_PER_NAMESPACE), 3)}`;
    return { namespace: group, name: `worker-${number(i, 5)}`, isGuarded: false };
  });
  return [...guarded, ...rest];
}

/** How many pods of the plan are in namespaces in which nothing is guarded. */
export function podsBesideGuards(places: readonly Place[], pods: number): number {
  const guardedNamespaces = new Set(
    places.filter(({ isGuarded }) => isGuarded).map(({ namespace }) => namespace),
  );
  return places.filter(({ namespace }) => !guardedNamespaces.has(namespace)).length * pods;
}

function number(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
