import type { FolderStatus, RunDetails, RunSummary, TuneStatus } from '../src/infrastructure/protocol';

export const shopUri = 'file:///code/shop';

export function status(change: Partial<FolderStatus> = {}): FolderStatus {
  return {
    folder: shopUri,
    name: 'shop',
    serving: 'base',
    trusted: true,
    model: 'codetuner-10m',
    hasPrevious: false,
    canResume: false,
    ...change,
  };
}

export function tune(change: Partial<TuneStatus> = {}): TuneStatus {
  return { phase: 'training', paused: false, progress: 0.43, secondsLeft: 125, run: 'r2', ...change };
}

export function summary(change: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 'r1',
    status: 'done',
    started: '2026-03-01T10:00:00Z',
    steps: 120,
    totalSteps: 120,
    method: 'full',
    trainingSeconds: 190,
    tokensPerSecond: 3086.4,
    peakMemory: 1_205_000_000,
    promoted: false,
    canResume: false,
    hasModel: true,
    ...change,
  };
}

export function runDetails(change: Partial<RunDetails> = {}): RunDetails {
  return {
    summary: summary(),
    curve: [
      { step: 1, loss: 4.2, heldOutLoss: 4.5 },
      { step: 60, loss: 3.1 },
      { step: 120, loss: 2.4, heldOutLoss: 2.9 },
    ],
    files: { kept: 1234, leftOut: [{ reason: 'generated', count: 3, examples: ['a.g.cs', 'b.g.cs'] }] },
    measures: [],
    spots: [],
    ...change,
  };
}
