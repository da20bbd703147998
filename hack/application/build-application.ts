// Builds the application of the scenarios (the Go program of this folder) into one static binary.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../run-program.ts";

const SOURCE = fileURLToPath(new URL(".", import.meta.url));

/** Writes the program to `file`: the same bytes from the same source and compiler. Rejects with Go's own words. */
export async function buildApplication(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const flags = ["-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="];
  const env = { ...process.env, CGO_ENABLED: "0", GOOS: "linux" };
  await runProgram(["go", "build", ...flags, "-o", file, "."], { cwd: SOURCE, env });
}
