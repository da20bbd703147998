// Gets the image of one container: found on the node, pulled, or tried again and again with back-off.
import type { Container, Pod } from "../../api-server/kinds.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import type { NodeFaults } from "../faults/node-faults.ts";
import { CONNECT_TIMEOUT_MS, type PullFailure, pullError } from "../faults/pull-failures.ts";
import { invalidReference } from "../image-name.ts";
import { durationText } from "../timing/duration-text.ts";
import { type Distribution, draw, nextBackOff, PULL_BACK_OFF, TIMING } from "../timing/timing.ts";
import type { Images } from "./images.ts";

export interface ImagePullerParts {
  readonly parts: ClusterParts;
  readonly images: Images;
  readonly faults: NodeFaults;
  /** As the API shows it now. */
  readonly pod: () => Pod;
  readonly record: (type: "Normal" | "Warning", reason: string, message: string) => void;
  /** Shows a problem in the container's status. */
  readonly showWaiting: (reason: string, message: string) => void;
  /** Runs the callback after so much time, unless the container is stopped. */
  readonly after: (delayMs: number, callback: () => void) => void;
}

/** In bytes: of most images, and of one whose pull takes long. */
const SIZE = 4_843_216;
const LARGE_SIZE = 9_663_676_416;

export class ImagePuller {
  readonly #container: Container;
  readonly #parts: ImagePullerParts;
  #backOffMs = 0;
  #pullsAgainAt = 0;
  /** Why the last pull failed. */
  #failure: PullFailure | undefined;
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
    const isMissing = images.isMissing(image);
    const isThere = !isMissing && this.#isOnNode();
    if (imagePullPolicy === "Never" && !isThere) this.#refuse(ready);
    else if (isMissing) this.#fail("unreachable", ready);
    else if (isThere && imagePullPolicy !== "Always") this.#find(ready);
    else this.#tryToPull(ready);
  }

  #isOnNode(): boolean {
    const { images, parts } = this.#parts;
    const at = images.onNodeAt(this.#container.image, this.#node);
    return at !== undefined && at <= parts.time.now();
  }

  get #node(): string {
    return this.#parts.pod().spec.nodeName ?? "";
  }

  #find(ready: () => void): void {
    const { image } = this.#container;
    this.#problem = undefined;
    this.#soon(TIMING.imageFound, () => {
      const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
      this.#parts.record("Normal", "Pulled", message);
      ready();
    });
  }

  #tryToPull(ready: () => void): void {
    const { faults, parts, pod } = this.#parts;
    const { image } = this.#container;
    if (parts.time.now() < this.#pullsAgainAt && this.#failure !== undefined) {
      this.#fail(this.#failure, ready);
      return;
    }
    const failure = faults.hit("pull", { pod: pod(), image });
    if (failure !== undefined) this.#fail(failure, ready);
    else this.#pull(ready);
  }

  #pull(ready: () => void): void {
    const { image } = this.#container;
    const { record, parts, after, images, faults, pod } = this.#parts;
    const now = parts.time.now();
    this.#problem = undefined;
    record("Normal", "Pulling", `Pulling image "${image}"`);
    const ownMs = Math.round(draw(parts.random, TIMING.imagePull));
    // Whoever asks for what is being pulled waits for that, and finds it.
    const waitsMs = Math.max(0, Math.round((images.onNodeAt(image, this.#node) ?? 0) - now));
    const slowMs = waitsMs > 0 ? undefined : faults.hit("pullTakesMs", { pod: pod(), image });
    const pullMs = slowMs ?? ownMs;
    const tookMs = waitsMs + pullMs;
    images.pull(image, this.#node, now + tookMs);
    after(tookMs, () => {
      const took = `${durationText(pullMs)} (${durationText(tookMs)} including waiting)`;
      record(
        "Normal",
        "Pulled",
        `Successfully pulled image "${image}" in ${took}. Image size: ${slowMs === undefined ? SIZE : LARGE_SIZE} bytes.`,
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

  #fail(failure: PullFailure, ready: () => void): void {
    const { parts, showWaiting, after } = this.#parts;
    const shown = this.#problem;
    const isDue = parts.time.now() >= this.#pullsAgainAt;
    const slowMs = isDue && failure === "timeout" ? CONNECT_TIMEOUT_MS : 0;
    if (isDue) this.#failToPull(failure, slowMs);
    else this.#backOff(failure);
    if (shown !== undefined) showWaiting(shown.reason, shown.message);
    const tryAgain = (): void =>
      this.#soon(shown === undefined ? TIMING.secondSync : TIMING.sync, () => this.get(ready));
    if (slowMs > 0) after(slowMs, tryAgain);
    else tryAgain();
  }

  #failToPull(failure: PullFailure, slowMs: number): void {
    const { image } = this.#container;
    const { record, parts, after } = this.#parts;
    const message = pullError(image, failure);
    record("Normal", "Pulling", `Pulling image "${image}"`);
    after(slowMs + draw(parts.random, TIMING.failedPull), () => {
      record("Warning", "Failed", `Failed to pull image "${image}": ${message}`);
      record("Warning", "Failed", "Error: ErrImagePull");
    });
    this.#failure = failure;
    this.#backOffMs = nextBackOff(this.#backOffMs, PULL_BACK_OFF);
    this.#pullsAgainAt = parts.time.now() + slowMs + this.#backOffMs;
    this.#problem = { reason: "ErrImagePull", message };
  }

  #backOff(failure: PullFailure): void {
    const { image } = this.#container;
    const { record } = this.#parts;
    const backOff = `Back-off pulling image "${image}"`;
    record("Normal", "BackOff", backOff);
    record("Warning", "Failed", "Error: ImagePullBackOff");
    const message = `${backOff}: ErrImagePull: ${pullError(image, failure)}`;
    this.#problem = { reason: "ImagePullBackOff", message };
  }

  #soon(distribution: Distribution, callback: () => void): void {
    this.#parts.after(draw(this.#parts.parts.random, distribution), callback);
  }
}
