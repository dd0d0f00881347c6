/** When a server that ended by itself is started again: after 1 s, 2 s, 4 s …, until it has ended too often in too short a time. */
export class RestartPolicy {
  private crashes: number[] = [];

  constructor(
    private readonly maxCrashes = 5,
    private readonly windowMs = 3 * 60_000,
    private readonly firstDelayMs = 1000,
  ) {}

  /** Counts a crash at `now` (milliseconds) and says how long to wait before the next start, or to give up. */
  crashed(now: number): { restartAfterMs: number } | 'giveUp' {
    this.crashes = this.crashes.filter((at) => now - at < this.windowMs);
    this.crashes.push(now);
    if (this.crashes.length >= this.maxCrashes) return 'giveUp';
    return { restartAfterMs: this.firstDelayMs * 2 ** (this.crashes.length - 1) };
  }

  /** The user asked for a start: what was before does not count. */
  forget(): void {
    this.crashes = [];
  }
}
