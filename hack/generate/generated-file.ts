// A file that is written by `npm run generate` and checked in.

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}
