// What this machine must have for a local cluster.
import { runProgram } from "../../run-program.ts";

/** Programs of Debian's packages util-linux, mount, iproute2 and openssl. */
const PROGRAMS = ["unshare", "nsenter", "setpriv", "mount", "ip", "openssl"];

/** Throws, naming all that is missing. */
export async function checkMachine(): Promise<void> {
  if (process.platform !== "linux") throw new Error("A local cluster requires Linux.");
  if (process.getuid?.() !== 0)
    throw new Error("A local cluster requires root, because it creates namespaces and mounts.");
  const missing: string[] = [];
  for (const program of PROGRAMS) {
    await runProgram(["sh", "-c", `command -v ${program}`]).catch(() => missing.push(program));
  }
  if (missing.length > 0) throw new Error(`A local cluster requires ${missing.join(", ")} on the PATH.`);
}
