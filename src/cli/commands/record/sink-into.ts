// One sink that hands everything on to several.
import type { ReflectorSink } from "../../../kube/reflector/reflector-sink.ts";

/** @param onChange called after a change, or a whole list, has reached all of them */
export function sinkInto(sinks: readonly ReflectorSink[], onChange: () => unknown): ReflectorSink {
  return {
    apply(type, object, at) {
      for (const sink of sinks) sink.apply(type, object, at);
      onChange();
    },
    beginReplace() {
      const replacements = sinks.map((sink) => sink.beginReplace());
      return {
        add(object, at) {
          for (const replacement of replacements) replacement.add(object, at);
        },
        commit(at, resourceVersion) {
          for (const replacement of replacements) replacement.commit(at, resourceVersion);
          onChange();
        },
        abandon() {
          for (const replacement of replacements) replacement.abandon();
        },
      };
    },
  };
}
