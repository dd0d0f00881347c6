/** Maps values of a domain linearly to a length. */
export interface Scale {
  low: number;
  high: number;
  /** Round values inside the domain, to write at the axis. */
  ticks: number[];
  at(value: number): number;
}

/** A scale whose domain starts and ends at round values and holds all of `values`; those that are not finite are passed over. */
export function scaleFor(values: readonly number[], from: number, to: number, wantedTicks = 5, leastStep = 0): Scale {
  const finite = values.filter(Number.isFinite);
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (finite.length === 0) [low, high] = [0, 1];
  if (low === high) {
    // One value alone lies in the middle of something.
    const room = low === 0 ? 1 : Math.abs(low) / 10;
    low -= room;
    high += room;
  }
  const step = Math.max(leastStep, niceStep((high - low) / wantedTicks));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => round((first + index) * step, step));
  const start = ticks[0] ?? low;
  const end = ticks.at(-1) ?? high;
  return { low: start, high: end, ticks, at: (value) => from + ((value - start) / (end - start)) * (to - from) };
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `raw`. */
export function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= raw * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function round(value: number, step: number): number {
  const digits = Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(step))));
  return Number(value.toFixed(digits));
}
