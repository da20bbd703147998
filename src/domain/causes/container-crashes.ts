// An application that ends by itself, for what only it knows. Pure.
import type { Classifier } from "./cause.ts";
import { crashCause } from "./crashed-container.ts";

export const containerCrashes: Classifier = {
  recognises: ["ContainerCrashes"],
  explains: ["CrashLooping"],
  classify: (of) => crashCause(of, "ContainerCrashes"),
};
