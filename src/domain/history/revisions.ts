// Revisions: how they are named, and what specs and status keep of them. Pure.
import type { RevisionReference } from "../../api/revision-reference.ts";
import { shortText } from "../plain-text.ts";
import type { RevisionView } from "../snapshot/revision.ts";

/** How a revision is named in sentences. */
export function nameRevision(revision: { readonly revision: number; readonly hash: string }): string {
  return `revision ${revision.revision} (${revision.hash})`;
}

/** A sentence's first letter, for a name that begins one. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * What a reference may take: images are for people, the hash is the identity, and the ledger of a guard has thirty
 * references. A usual image takes 100 bytes.
 */
const REFERENCE_BYTES = 2_000;
const IMAGE_BYTES = 500;
const MOST_IMAGES = 50;

/** The reference that specs and status keep of a revision. Of very many or very long images it keeps the first. */
export function referenceTo(revision: RevisionView): RevisionReference {
  const images: string[] = [];
  let room = REFERENCE_BYTES;
  for (const { kind, image } of revision.template.containers) {
    if (kind === "init") continue;
    const short = shortText(image, IMAGE_BYTES);
    room -= Buffer.byteLength(short);
    if (room < 0 || images.length === MOST_IMAGES) break;
    images.push(short);
  }
  return { hash: revision.hash, revision: revision.revision, images };
}
