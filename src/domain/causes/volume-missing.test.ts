import { itRecognises, nodesSay } from "../testing/expect-cause.ts";
import { volumeMissing } from "./volume-missing.ts";

describe("volumeMissing", () => {
  itRecognises(volumeMissing, {
    "a claim that is not there": {
      ...nodesSay('persistentvolumeclaim "data" not found.'),
      cause: "VolumeMissing",
      certainty: "Certain",
      names: /PersistentVolumeClaim data does not exist.*Create PersistentVolumeClaim data/,
    },
  });
});
