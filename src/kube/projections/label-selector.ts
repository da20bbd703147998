// Label selectors (meta/v1): raw JSON → LabelSelectorView.
import type { LabelSelectorView } from "../../domain/snapshot/label-selector.ts";
import { asList, asObject, asText, asTexts } from "../objects.ts";

/** Of more than `most` requirements or values of one, the first. */
export function projectLabelSelector(raw: unknown, most = Number.POSITIVE_INFINITY): LabelSelectorView {
  const { matchLabels, matchExpressions } = asObject(raw);
  return {
    labels: asTexts(matchLabels),
    expressions: asList(matchExpressions)
      .slice(0, most)
      .map((expression) => {
        const { key, operator, values } = asObject(expression);
        const texts = asList(values)
          .slice(0, most)
          .map((value) => asText(value));
        return { key: asText(key), operator: asText(operator), values: texts };
      }),
  };
}
