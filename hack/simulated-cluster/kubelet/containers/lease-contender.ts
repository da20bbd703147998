// One process that contends for a Lease, as client-go's leader election does with its defaults.
import { ApiError } from "../../api-server/api-error.ts";
import type { KubeObject } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";

/** A Lease that is not renewed for so long is free. */
const LEASE_DURATION_MS = 15_000;
/** Between two tries to take or renew it. */
const RETRY_MS = 2_000;

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export interface ContenderParts extends Pick<ClusterParts, "objects" | "time"> {
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Tells this process from all others. */
  readonly identity: string;
  /** Runs the callback after so much time, unless the process has ended by then. */
  readonly after: (delayMs: number, callback: () => void) => void;
}

export class LeaseContender {
  readonly #parts: ContenderParts;
  #isHolder = false;
  /** What another holder wrote last, and when that was seen first: its clock is not believed. */
  #seen: { readonly text: string; readonly at: number } | undefined;

  /** Contends from now on, until its process ends; then others wait for the Lease to expire. */
  constructor(parts: ContenderParts) {
    this.#parts = parts;
    this.#try();
  }

  get isHolder(): boolean {
    return this.#isHolder;
  }

  #try(): void {
    try {
      this.#isHolder = this.#takeOrRenew();
    } catch (error) {
      // A namespace that ends takes no Lease.
      if (!(error instanceof ApiError)) throw error;
      this.#isHolder = false;
    }
    this.#parts.after(RETRY_MS, () => this.#try());
  }

  #takeOrRenew(): boolean {
    const { objects, time, namespace, name, identity } = this.#parts;
    const lease = objects.get("leases", namespace, name);
    const spec = lease?.["spec"] as LeaseSpec | undefined;
    const now = time.now();
    const at = `${new Date(now).toISOString().slice(0, -1)}000Z`;
    const isOwn = spec?.holderIdentity === identity;
    if (spec?.holderIdentity && !isOwn && !this.#isExpired(spec, now)) return false;
    const held = {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_DURATION_MS / 1_000,
      renewTime: at,
    };
    if (lease === undefined) {
      const first = { ...held, acquireTime: at, leaseTransitions: 0 };
      objects.create("leases", namespace, { metadata: { name, namespace }, spec: first });
    } else {
      const taken = { acquireTime: at, leaseTransitions: (spec?.leaseTransitions ?? 0) + 1 };
      objects.update("leases", { ...lease, spec: { ...spec, ...held, ...(!isOwn && taken) } } as KubeObject);
    }
    return true;
  }

  #isExpired({ holderIdentity, renewTime }: LeaseSpec, now: number): boolean {
    const text = `${holderIdentity} ${renewTime}`;
    if (this.#seen?.text !== text) this.#seen = { text, at: now };
    return now - this.#seen.at >= LEASE_DURATION_MS;
  }
}
