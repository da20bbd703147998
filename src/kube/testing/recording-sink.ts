// For tests: a sink that remembers what it was told, and complains about what must not happen.
import { metaOf, type RawObject } from "../objects.ts";
import type { ReflectorSink, ReplaceTransaction } from "../reflector/reflector-sink.ts";

export class RecordingSink implements ReflectorSink {
  /** What was applied and committed, in order: "+a", "~a", "-a", "=a,b". */
  readonly story: string[] = [];
  /** Names of the objects that are in the cache now. */
  readonly names = new Set<string>();
  /** Lists that were begun; each must be committed or abandoned once. */
  begun = 0;
  committed = 0;
  abandoned = 0;

  beginReplace(): ReplaceTransaction {
    this.begun += 1;
    const listed: string[] = [];
    let isOver = false;
    return {
      add: (object) => {
        if (isOver) throw new Error("an object was added after the commit");
        listed.push(metaOf(object).name);
      },
      commit: () => {
        if (isOver) throw new Error("a list was committed twice");
        isOver = true;
        this.committed += 1;
        this.names.clear();
        for (const name of listed) this.names.add(name);
        this.story.push(`=${listed.join(",")}`);
      },
      abandon: () => {
        if (isOver) throw new Error("a list was abandoned after its end");
        isOver = true;
        this.abandoned += 1;
      },
    };
  }

  apply(type: "ADDED" | "MODIFIED" | "DELETED", object: RawObject): void {
    const { name } = metaOf(object);
    this.story.push({ ADDED: "+", MODIFIED: "~", DELETED: "-" }[type] + name);
    if (type === "DELETED") this.names.delete(name);
    else this.names.add(name);
  }
}

/** A pod as it stands in a list or event. */
export function podNamed(name: string, resourceVersion = "1"): RawObject {
  return { metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion } };
}

/** One page of a list. */
export function pageOf(names: readonly string[], resourceVersion = "10", continueFrom = ""): RawObject {
  return {
    metadata: { resourceVersion, continue: continueFrom },
    items: names.map((name) => podNamed(name)),
  };
}
