// Where the project's CustomResourceDefinitions are, for clusters that have them from the start.
import { join } from "node:path";

export const CRD_FOLDER = join(import.meta.dirname, "../crds");
