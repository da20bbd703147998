// The operator's entry point.
import "./operator/small-heap.ts";
import { runProcess } from "./operator/run-process.ts";

await runProcess(process.argv.slice(2), process.env);
