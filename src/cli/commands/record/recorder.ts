// Writes down what a watcher of one namespace sees, in the form that replay reads (one JSON object a line).
import { metaOf, type RawObject } from "../../../kube/objects.ts";
import type { ReflectorSink } from "../../../kube/reflector/reflector-sink.ts";
import type { ResourceName } from "../../../kube/resources.ts";

type LineType = "LIST" | "ADDED" | "MODIFIED" | "DELETED";

export interface RecorderOptions {
  /** Epoch ms; `t` counts from the first call. */
  readonly now: () => number;
  /** Takes one line, without its line break. */
  readonly write: (line: string) => void;
}

type Line =
  | { readonly mark: string }
  | { readonly answer: { readonly key: string; readonly about: string } }
  | { readonly resource: ResourceName; readonly type: LineType; readonly object: RawObject };

/** A recording in the making. A list that has to be read again in the middle is written as the changes since the last. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #beganAt: number;
  #lines = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#beganAt = options.now();
  }

  get lines(): number {
    return this.#lines;
  }

  /** Writes down what a person did. */
  mark(text: string): void {
    this.#write({ mark: text });
  }

  /** Writes down the answer to a question about a Deployment, or why there is none. */
  answer(
    about: string,
    key: string,
    answer: { readonly value: unknown } | { readonly unavailable: string },
  ): void {
    this.#write({ answer: { key, about, ...answer } });
  }

  /** Where a reflector of the resource puts what it reads. */
  sinkFor(resource: ResourceName): ReflectorSink {
    let known = new Map<string, RawObject>();
    let isFirst = true;
    const record = (type: LineType, object: RawObject) => {
      this.#write({ resource, type, object: withoutManagedFields(object) });
    };
    return {
      apply: (type, object) => {
        const { uid } = metaOf(object);
        if (type === "DELETED") known.delete(uid);
        else known.set(uid, object);
        record(type, object);
      },
      beginReplace: () => {
        const listed = new Map<string, RawObject>();
        return {
          add: (object) => void listed.set(metaOf(object).uid, object),
          commit: () => {
            for (const [uid, object] of listed) {
              const before = known.get(uid);
              if (isFirst) record("LIST", object);
              else if (!before) record("ADDED", object);
              else if (metaOf(before).resourceVersion !== metaOf(object).resourceVersion)
                record("MODIFIED", object);
            }
            for (const [uid, object] of known) if (!listed.has(uid)) record("DELETED", object);
            known = listed;
            isFirst = false;
          },
          abandon: () => {},
        };
      },
    };
  }

  #write(line: Line): void {
    const t = Math.round(this.#options.now() - this.#beganAt) / 1_000;
    this.#options.write(JSON.stringify({ t, ...line }));
    this.#lines += 1;
  }
}

function withoutManagedFields(object: RawObject): RawObject {
  const { managedFields: _left, ...metadata } = object.metadata as Record<string, unknown>;
  return { ...object, metadata };
}
