// An init container that ends with an error, so that the application is never started. Pure.
import type { Classifier } from "./cause.ts";
import { crashCause } from "./crashed-container.ts";

export const initContainerFails: Classifier = {
  recognises: ["InitContainerFails"],
  explains: ["InitContainerFailing"],
  classify: (of) => crashCause(of, "InitContainerFails"),
};
