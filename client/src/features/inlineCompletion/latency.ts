/** The last latencies of completions as the editor saw them, with the way to the server and back. */
export class LatencyWindow {
  private readonly values: number[] = [];

  constructor(private readonly size = 500) {}

  add(milliseconds: number): void {
    this.values.push(milliseconds);
    if (this.values.length > this.size) this.values.shift();
  }

  get count(): number {
    return this.values.length;
  }

  /** The latency that a share of all stayed under (nearest rank), or undefined where there is none. */
  quantile(share: number): number | undefined {
    if (this.values.length === 0) return undefined;
    const sorted = [...this.values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }
}
