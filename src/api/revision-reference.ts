// How a revision is named in specs and status: by template hash; the number is for people (undo renumbers).
import { z } from "zod";

export const revisionReferenceSchema = z.object({
  hash: z
    .string()
    .min(1)
    .max(63)
    .describe("Value of the label pod-template-hash, which identifies the revision."),
  revision: z.int().min(0).describe("Revision number in `kubectl rollout history` at that time."),
  images: z.array(z.string().max(1024)).max(50).describe("Images of the containers."),
});

/** A revision of a Deployment, identified by its template hash. */
export type RevisionReference = z.infer<typeof revisionReferenceSchema>;
