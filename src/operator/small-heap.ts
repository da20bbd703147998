// Imported first by main.ts: has V8 prefer a small heap. An operator is one of many on its node, and mostly waits.
import { setFlagsFromString } from "node:v8";

// Without it the heap stays as large as reading the whole cluster has made it: twice of what is needed (docs/quality/performance.md).
setFlagsFromString("--optimize-for-size");
