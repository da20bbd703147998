import { itRecognises, unschedulableBecause } from "../testing/expect-cause.ts";
import { volumeMissing } from "./volume-missing.ts";

describe("volumeMissing", () => {
  itRecognises(volumeMissing, {
    "a claim that is not there": {
      ...unschedulableBecause('persistentvolumeclaim "data" not found.'),
      cause: "VolumeMissing",
      certainty: "Certain",
      names: /PersistentVolumeClaim data does not exist.*Create PersistentVolumeClaim data/,
    },
  });
});
