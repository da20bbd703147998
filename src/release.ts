// Where the files of this release are: advice must help people who have no checkout.
import { VERSION } from "./version.ts";

/** Where the project is. */
export const REPOSITORY = "https://github.com/rolloutguard/rolloutguard";

/** The command that installs the CustomResourceDefinitions of this release. */
export const INSTALL_CRDS = `kubectl apply -k '${REPOSITORY}//crds?ref=v${VERSION}'`;

/** The address of a file of this release; `path` as in the repository. */
export function releaseFile(path: string): string {
  return `${REPOSITORY}/blob/v${VERSION}/${path}`;
}
