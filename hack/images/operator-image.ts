// `npm run image`: the operator's image as an archive, for `docker load` and `ctr images import`, made without Docker.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeImageArchive } from "./image-archive.ts";
import { collectOperatorRoot, OPERATOR_ENTRYPOINT, OPERATOR_USER } from "./operator-root.ts";

export interface OperatorImage {
  /** With host and tag. */
  readonly name: string;
  /** Where the archive goes. */
  readonly file: string;
}

/** Builds the operator from the working tree. Linux only, for the machine's own architecture. */
export async function writeOperatorImage({ name, file }: OperatorImage): Promise<void> {
  const rootFolder = await mkdtemp(join(tmpdir(), "rolloutguard-image-"));
  try {
    await collectOperatorRoot(rootFolder);
    await writeImageArchive(
      { names: [name], rootFolder, entrypoint: OPERATOR_ENTRYPOINT, user: OPERATOR_USER },
      file,
    );
  } finally {
    await rm(rootFolder, { recursive: true });
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      name: { type: "string", default: "localhost/rolloutguard:dev" },
      file: { type: "string", default: "dist/rolloutguard-image.tar" },
    },
  });
  await writeOperatorImage(values);
  const size = (await stat(values.file)).size / 1e6;
  console.log(`Wrote ${values.file}, ${size.toFixed(0)} MB, the image ${values.name}`);
}
