// How long pods took on a real cluster: measured in recordings of it. In this repository they are in e2e/recordings, and
// e2e/simulated/fidelity measures them again.

/**
 * From one visible step of a pod's life to the next, in ms: the smallest, the deciles and the largest of all samples of
 * the twelve recordings (one node with 2 cores, Kubernetes v1.36.2, images there already).
 */
export const MEASURED = {
  /** From the binding to the kubelet's first status. 45 samples. */
  firstStatus: [0, 12, 20, 32, 39, 44, 51, 54, 72, 92, 160],
  /** From there to the sandbox: network and volumes ready. 45 samples. */
  sandbox: [116, 172, 195, 214, 223, 238, 264, 305, 388, 591, 961],
  /** From there to the running container. 41 samples. */
  running: [52, 69, 82, 99, 118, 141, 178, 248, 263, 356, 558],
  /** From the deletion to the end of containers that ran and do not catch SIGTERM. 38 samples. */
  ended: [136, 181, 235, 268, 294, 328, 354, 454, 536, 650, 988],
  /** From there to the removal of the object. 38 samples. */
  removed: [1, 218, 357, 438, 529, 596, 628, 682, 766, 830, 927],
  /** From the deletion to the end of a pod whose containers never ran. 4 samples. */
  endedUnstarted: [641, 651, 661, 672, 739, 836, 932, 997, 1002, 1006, 1010],
  /** From there to its removal. 4 samples. */
  removedUnstarted: [9, 9, 10, 10, 10, 11, 12, 13, 16, 19, 22],
} as const;
