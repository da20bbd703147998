// Is a variable given once?
import type { LintRule } from "../../finding.ts";
import { placeText } from "../../place.ts";

export const duplicateVariable: LintRule = {
  id: "duplicate-variable",
  severity: "warning",
  meaning: "A container is given a variable twice: the last one wins",
  advice:
    "The container sees the last value. Server-side apply refuses such a list, and a merge can drop either of the two.",
  *run(inventory) {
    for (const { manifest, title, containers } of inventory.workloads) {
      for (const { name: container, field } of containers) {
        const variables = field.at("env").items();
        for (const [index, variable] of variables.entries()) {
          const name = variable.at("name").text;
          const earlier = variables.slice(0, index).find((one) => one.at("name").text === name);
          if (name === undefined || earlier === undefined) continue;
          yield {
            manifest,
            field: variable.at("name"),
            message: `Container ${container} of ${title} is given ${name} twice; the first one is at ${placeText(earlier.place)}, and the last one wins.`,
            fix: "Remove one of them.",
          };
        }
      }
    }
  },
};
