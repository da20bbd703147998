// How a revision is named in specs and status: by template hash; the number is for people (undo renumbers).
import { z } from "zod";

export const revisionReferenceSchema = z.object({
  hash: z.string().min(1).max(63).describe("The pod-template-hash: the identity of the revision."),
  revision: z.int().min(0).describe("The number `kubectl rollout history` showed for it at that time."),
  images: z.array(z.string().max(1024)).max(50).describe("The images of its containers."),
});

/** A revision of a Deployment, identified by its template hash. */
export type RevisionReference = z.infer<typeof revisionReferenceSchema>;
