// What client-go's recorder does before it writes an Event: counts repeated ones, combines many similar ones, drops floods.

/** So many different messages in the interval, and the further ones are combined into one Event. */
const MAX_SIMILAR = 10;
const SIMILAR_INTERVAL_MS = 600_000;
/** Of one source about one object, Warnings and others apart: a burst, then one every five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;
const CACHE_SIZE = 4_096;

/** An Event to record, as one source sees it. */
export interface Occurrence {
  /** Tells the object; with the type also what floods are counted by. */
  readonly object: string;
  readonly fieldPath: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** What is to be written of it. */
export interface Observation {
  /** The name of the Event: that of the first of its kind. */
  readonly name: string;
  readonly message: string;
  readonly count: number;
  readonly firstTimestamp: string;
  readonly isCombined: boolean;
}

/** Returns what to write, or undefined when there are too many Events of the type about the object. */
export type Correlate = (
  occurrence: Occurrence,
  now: { readonly at: number; readonly timestamp: string; readonly newName: () => string },
) => Observation | undefined;

/** The correlation of one source. */
export function createCorrelation(): Correlate {
  const groups = createCache<{ readonly messages: Set<string>; lastAt: number }>();
  const buckets = createCache<{ tokens: number; refilledAt: number }>();
  const observed = createCache<Observation>();

  function isFlooding(key: string, now: number): boolean {
    const bucket = buckets.get(key) ?? { tokens: BURST, refilledAt: now };
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.refilledAt) / REFILL_MS);
    bucket.refilledAt = now;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  }

  function isOneOfMany(key: string, message: string, now: number): boolean {
    const known = groups.get(key);
    const isFresh = known !== undefined && now - known.lastAt <= SIMILAR_INTERVAL_MS;
    const group = isFresh ? known : { messages: new Set<string>(), lastAt: now };
    groups.set(key, group);
    group.messages.add(message);
    group.lastAt = now;
    if (group.messages.size < MAX_SIMILAR) return false;
    const [oldest] = group.messages;
    if (oldest !== undefined) group.messages.delete(oldest);
    return true;
  }

  return ({ object, fieldPath, type, reason, message }, now) => {
    // Similar are Events of one reason about one object, whichever part of it they name.
    const similar = [object, type, reason].join(" ");
    const isCombined = isOneOfMany(similar, message, now.at);
    const key = isCombined ? similar : [similar, fieldPath, message].join(" ");
    const before = observed.get(key);
    const observation: Observation = {
      name: before?.name ?? now.newName(),
      firstTimestamp: before?.firstTimestamp ?? now.timestamp,
      message: isCombined ? `(combined from similar events): ${message}` : message,
      // What the flood filter drops is counted all the same, and shows in the next one that passes.
      count: (before?.count ?? 0) + 1,
      isCombined,
    };
    observed.set(key, observation);
    return isFlooding(`${object} ${type}`, now.at) ? undefined : observation;
  };
}

interface Cache<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** Forgets what has not been set for the longest time, as the recorder's caches do. */
function createCache<Value>(): Cache<Value> {
  const entries = new Map<string, Value>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.keys();
      if (entries.size > CACHE_SIZE && oldest !== undefined) entries.delete(oldest);
    },
  };
}
