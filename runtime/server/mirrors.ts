/** Mirrored requests that may be with the challenger at once. */
const AT_ONCE = 8;
/** Mirrored requests that may wait; more are dropped, and logged as such. */
const MOST_WAITING = 1_000;

interface Job {
  readonly run: () => Promise<void>;
  readonly drop: () => void;
}

/** Works off mirrored requests beside the live ones: few at once, so that a slow challenger fills this queue and nothing else. */
export class Mirrors {
  private readonly waiting: { readonly number: number; readonly job: Job }[] = [];
  private running = 0;
  private added = 0;
  /** Numbers of jobs that are not done, in order. */
  private readonly unfinished = new Set<number>();
  private idlers: { readonly after: number; readonly resolve: () => void }[] = [];

  /** `run` must not reject. `drop` is called instead, at once, when too many wait. */
  add(job: Job): void {
    if (this.waiting.length >= MOST_WAITING) {
      job.drop();
      return;
    }
    this.added += 1;
    this.unfinished.add(this.added);
    this.waiting.push({ number: this.added, job });
    this.next();
  }

  /** Resolves when everything that was added before this call is done. */
  idle(): Promise<void> {
    if (this.unfinished.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.idlers.push({ after: this.added, resolve }));
  }

  private next(): void {
    while (this.running < AT_ONCE) {
      const first = this.waiting.shift();
      if (first === undefined) return;
      this.running += 1;
      void first.job.run().finally(() => this.finish(first.number));
    }
  }

  private finish(number: number): void {
    this.running -= 1;
    this.unfinished.delete(number);
    if (this.idlers.length > 0) {
      const [oldest] = this.unfinished;
      const isDone = (after: number): boolean => oldest === undefined || oldest > after;
      for (const idler of this.idlers) if (isDone(idler.after)) idler.resolve();
      this.idlers = this.idlers.filter((idler) => !isDone(idler.after));
    }
    this.next();
  }
}
