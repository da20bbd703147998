// Imported first by run-lint.ts: has V8 keep little room for new objects.
import { setFlagsFromString } from "node:v8";

// What is read of manifests stays until the end. More room would only hold it twice: with 15 MB of manifests, 340 MB instead of 215.
setFlagsFromString("--semi-space-growth-factor=1");
