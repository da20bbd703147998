// Timers in the order in which they are due: a binary heap. Pure.

/** What a timer is ordered by. Two that are due at the same time keep the order in which they were made. */
export interface DueTimer {
  readonly at: number;
  readonly order: number;
}

export class TimerHeap<Timer extends DueTimer> {
  readonly #heap: Timer[] = [];

  /** The timer that is due first. Its `at` and `order` must not change while it is in the heap. */
  get first(): Timer | undefined {
    return this.#heap[0];
  }

  clear(): void {
    this.#heap.length = 0;
  }

  push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(timer);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || !isBefore(timer, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = timer;
  }

  /** Takes the first one out. */
  pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex];
      if (child === undefined) break;
      const right = heap[childIndex + 1];
      if (right !== undefined && isBefore(right, child)) {
        childIndex += 1;
        child = right;
      }
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
  }
}

function isBefore(a: DueTimer, b: DueTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
