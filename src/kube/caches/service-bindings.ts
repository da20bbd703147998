// Which Services concern which guards, both ways. Worked out lazily: rollouts change it, traffic does not.
import { parseReconcileKey, type ReconcileKey } from "../reconcile-key.ts";

/** The relation between guards and Services. What is outdated is worked out again when somebody asks. */
export class ServiceBindings {
  readonly #servicesFor: (key: ReconcileKey) => ReadonlySet<string>;
  readonly #byGuard = new Map<ReconcileKey, ReadonlySet<string>>();
  readonly #byService = new Map<string, Set<ReconcileKey>>();
  readonly #outdated = new Set<ReconcileKey>();

  /** `servicesFor` names the Services of a guard's namespace that concern it; none for a guard that is gone. */
  constructor(servicesFor: (key: ReconcileKey) => ReadonlySet<string>) {
    this.#servicesFor = servicesFor;
  }

  /** Something that the guard's binding depends on has changed. */
  outdate(key: ReconcileKey): void {
    this.#outdated.add(key);
  }

  /** The Services that concern the guard, whether they exist or not. */
  servicesOf(key: ReconcileKey): ReadonlySet<string> {
    this.#refresh();
    return this.#byGuard.get(key) ?? new Set();
  }

  /** The guards that the Service concerns. */
  guardsOf(namespace: string, service: string): ReadonlySet<ReconcileKey> {
    this.#refresh();
    return this.lastKnownGuardsOf(namespace, service);
  }

  /** The same as it was before what is outdated. */
  lastKnownGuardsOf(namespace: string, service: string): ReadonlySet<ReconcileKey> {
    return this.#byService.get(`${namespace}/${service}`) ?? new Set();
  }

  /** Namespace and name of all Services that concern a guard. */
  *boundServices(): Generator<readonly [namespace: string, name: string]> {
    this.#refresh();
    for (const key of this.#byService.keys()) {
      const [namespace = "", name = ""] = key.split("/");
      yield [namespace, name];
    }
  }

  #refresh(): void {
    for (const key of this.#outdated) {
      const { namespace } = parseReconcileKey(key);
      for (const service of this.#byGuard.get(key) ?? []) this.#unbind(`${namespace}/${service}`, key);
      const services = this.#servicesFor(key);
      if (services.size === 0) this.#byGuard.delete(key);
      else this.#byGuard.set(key, services);
      for (const service of services) this.#bind(`${namespace}/${service}`, key);
    }
    this.#outdated.clear();
  }

  #bind(service: string, guard: ReconcileKey): void {
    const guards = this.#byService.get(service);
    if (guards) guards.add(guard);
    else this.#byService.set(service, new Set([guard]));
  }

  #unbind(service: string, guard: ReconcileKey): void {
    const guards = this.#byService.get(service);
    guards?.delete(guard);
    if (guards?.size === 0) this.#byService.delete(service);
  }
}
