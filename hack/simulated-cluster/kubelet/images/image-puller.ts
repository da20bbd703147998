// Gets the image of one container: found on the node, pulled, or tried again and again with back-off.
import type { Container } from "../../api-server/kinds.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { type Distribution, draw, nextBackOff, PULL_BACK_OFF, TIMING } from "../timing/timing.ts";
import { type Images, invalidReference, pullError } from "./images.ts";

export interface ImagePullerParts {
  readonly parts: ClusterParts;
  readonly images: Images;
  readonly record: (type: "Normal" | "Warning", reason: string, message: string) => void;
  /** Shows a problem in the container's status. */
  readonly showWaiting: (reason: string, message: string) => void;
  /** Runs the callback after so much time, unless the container is stopped. */
  readonly after: (delayMs: number, callback: () => void) => void;
}

export class ImagePuller {
  readonly #container: Container;
  readonly #parts: ImagePullerParts;
  #backOffMs = 0;
  #pullsAgainAt = 0;
  /** What the kubelet found wrong at its last look; the status shows it one look later. */
  #problem: { reason: string; message: string } | undefined;

  constructor(container: Container, parts: ImagePullerParts) {
    this.#container = container;
    this.#parts = parts;
  }

  /** Calls back when the image is there, however long that takes. */
  get(ready: () => void): void {
    const { image, imagePullPolicy } = this.#container;
    const { images } = this.#parts;
    const invalid = invalidReference(image);
    if (invalid !== undefined) {
      this.#refuseName(invalid, ready);
      return;
    }
    if (images.isMissing(image)) {
      if (imagePullPolicy === "Never") this.#refuse(ready);
      else this.#fail(ready);
      return;
    }
    this.#problem = undefined;
    if (imagePullPolicy === "Always") this.#pull(ready);
    else this.#find(ready);
  }

  #find(ready: () => void): void {
    const { image } = this.#container;
    this.#soon(TIMING.imageFound, () => {
      const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
      this.#parts.record("Normal", "Pulled", message);
      ready();
    });
  }

  #pull(ready: () => void): void {
    const { image } = this.#container;
    const { record, parts, after } = this.#parts;
    record("Normal", "Pulling", `Pulling image "${image}"`);
    const tookMs = Math.round(draw(parts.random, TIMING.imagePull));
    after(tookMs, () => {
      const took = `${tookMs}ms (${tookMs}ms including waiting)`;
      record(
        "Normal",
        "Pulled",
        `Successfully pulled image "${image}" in ${took}. Image size: 4843216 bytes.`,
      );
      ready();
    });
  }

  #refuseName(why: string, ready: () => void): void {
    const { image } = this.#container;
    const cause = `couldn't parse image name "${image}": ${why}`;
    const message = `Failed to apply default image tag "${image}": ${cause}`;
    this.#parts.record("Warning", "InspectFailed", message);
    this.#parts.record("Warning", "Failed", "Error: InvalidImageName");
    this.#parts.showWaiting("InvalidImageName", message);
    this.#soon(TIMING.sync, () => this.get(ready));
  }

  #refuse(ready: () => void): void {
    const message = `Container image "${this.#container.image}" is not present with pull policy of Never`;
    this.#parts.record("Warning", "ErrImageNeverPull", message);
    this.#parts.record("Warning", "Failed", "Error: ErrImageNeverPull");
    this.#parts.showWaiting("ErrImageNeverPull", message);
    this.#soon(TIMING.sync, () => this.get(ready));
  }

  #fail(ready: () => void): void {
    const shown = this.#problem;
    if (this.#parts.parts.time.now() >= this.#pullsAgainAt) this.#failToPull();
    else this.#backOff();
    if (shown !== undefined) this.#parts.showWaiting(shown.reason, shown.message);
    this.#soon(shown === undefined ? TIMING.secondSync : TIMING.sync, () => this.get(ready));
  }

  #failToPull(): void {
    const { image } = this.#container;
    const { record, parts } = this.#parts;
    const message = pullError(image);
    record("Normal", "Pulling", `Pulling image "${image}"`);
    this.#soon(TIMING.failedPull, () => {
      record("Warning", "Failed", `Failed to pull image "${image}": ${message}`);
      record("Warning", "Failed", "Error: ErrImagePull");
    });
    this.#backOffMs = nextBackOff(this.#backOffMs, PULL_BACK_OFF);
    this.#pullsAgainAt = parts.time.now() + this.#backOffMs;
    this.#problem = { reason: "ErrImagePull", message };
  }

  #backOff(): void {
    const { image } = this.#container;
    const { record } = this.#parts;
    const backOff = `Back-off pulling image "${image}"`;
    record("Normal", "BackOff", backOff);
    record("Warning", "Failed", "Error: ImagePullBackOff");
    this.#problem = { reason: "ImagePullBackOff", message: `${backOff}: ErrImagePull: ${pullError(image)}` };
  }

  #soon(distribution: Distribution, callback: () => void): void {
    this.#parts.after(draw(this.#parts.parts.random, distribution), callback);
  }
}
