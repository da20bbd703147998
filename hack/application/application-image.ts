// The image of the scenarios' application: one static binary and nothing else, under one name for each version.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeImageArchive } from "../images/image-archive.ts";
import { buildApplication } from "./build-application.ts";
import { APPLICATION_REPOSITORY } from "./image-names.ts";

/** The tags under which the one content is known: what tells versions apart is their environment. */
const TAGS = ["v1", "v2", "v3", "v4"] as const;

export interface ApplicationImage {
  /** The archive that is written, for `ctr images import` and `docker load`. */
  readonly file: string;
  /** The name without a tag. */
  readonly repository?: string | undefined;
  /** More names, each with its tag. */
  readonly aliases?: readonly string[];
}

/** Builds the program and writes its image under the tags v1 to v4. Needs Go; rejects with what it says. */
export async function writeApplicationImage(image: ApplicationImage): Promise<void> {
  const { file, repository = APPLICATION_REPOSITORY, aliases = [] } = image;
  const rootFolder = await mkdtemp(join(tmpdir(), "rolloutguard-application-"));
  try {
    await buildApplication(join(rootFolder, "application"));
    const names = [...TAGS.map((tag) => `${repository}:${tag}`), ...aliases];
    await writeImageArchive({ names, rootFolder, entrypoint: ["/application"], user: "65532:65532" }, file);
  } finally {
    await rm(rootFolder, { recursive: true });
  }
}
