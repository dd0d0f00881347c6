// The requests, notifications and types of docs/protocol.md. What LSP itself defines comes from the language client.

export const Requests = {
  status: 'codetuner/status',
  tune: 'codetuner/tune',
  pauseTune: 'codetuner/pauseTune',
  cancelTune: 'codetuner/cancelTune',
  runs: 'codetuner/runs',
  run: 'codetuner/run',
  promote: 'codetuner/promote',
  rollback: 'codetuner/rollback',
  deleteRun: 'codetuner/deleteRun',
  exportRun: 'codetuner/exportRun',
  generateFromComment: 'codetuner/generateFromComment',
  summarize: 'codetuner/summarize',
  review: 'codetuner/review',
  translate: 'codetuner/translate',
  languages: 'codetuner/languages',
  models: 'codetuner/models',
  statistics: 'codetuner/statistics',
  doctor: 'codetuner/doctor',
} as const;

export const Notifications = {
  didChangeStatus: 'codetuner/didChangeStatus',
  didShowCompletion: 'codetuner/didShowCompletion',
  didGrantTrust: 'codetuner/didGrantTrust',
  userIsIdle: 'codetuner/userIsIdle',
} as const;

export interface InitializationOptions {
  trusted?: boolean;
  stateFolder?: string;
}

export interface TuneParams {
  folder?: string;
  minutes?: number;
  resume?: boolean;
}

export type Serving = 'loading' | 'base' | 'tuned' | 'none';
export type TuneOutcome = 'promoted' | 'noGain' | 'stopped' | 'failed';

export interface FolderStatus {
  /** A URI. */
  folder: string;
  name: string;
  serving: Serving;
  trusted: boolean;
  model: string;
  run?: string;
  hasPrevious: boolean;
  /** The run to go back to; missing where that is the base model. */
  previous?: string;
  canResume: boolean;
  tune?: TuneStatus;
  last?: { run: string; outcome: TuneOutcome; message: string };
  error?: string;
}

export interface TuneStatus {
  run?: string;
  phase: 'scanning' | 'preparing' | 'training' | 'evaluating';
  paused: boolean;
  pausedBy?: 'user' | 'battery' | 'card';
  /** The graphics card that computes; missing where the processor does. */
  device?: string;
  /** Of the whole tune, 0 to 1. */
  progress: number;
  secondsLeft?: number;
  step?: number;
  totalSteps?: number;
  loss?: number;
  heldOutLoss?: number;
  tokensPerSecond?: number;
}

export interface RunList {
  folder: string;
  promoted?: string;
  previous?: string;
  /** Newest first. */
  runs: RunSummary[];
}

export type RunStatus = 'preparing' | 'training' | 'evaluating' | 'done' | 'stopped' | 'failed';

export interface RunSummary {
  id: string;
  status: RunStatus;
  /** ISO 8601. */
  started: string;
  steps: number;
  totalSteps?: number;
  method?: 'full' | 'lora';
  trainingSeconds: number;
  tokensPerSecond: number;
  /** Bytes. */
  peakMemory: number;
  /** Nats a token; above zero is better. */
  gain?: Interval;
  /** Nats a token. */
  forgetting?: number;
  verdict?: string;
  promoted: boolean;
  canResume: boolean;
  hasModel: boolean;
  error?: string;
}

export interface Interval {
  value: number;
  low: number;
  high: number;
}

export interface CurvePoint {
  step: number;
  loss: number;
  heldOutLoss?: number;
}

export interface Measure {
  name: string;
  base: Interval;
  tuned: Interval;
  higherIsBetter: boolean;
}

export interface Spot {
  path: string;
  line: number;
  before: string;
  expected: string;
  base: string;
  tuned: string;
}

export interface RunDetails {
  summary: RunSummary;
  split?: string;
  curve: CurvePoint[];
  files: { kept: number; leftOut: { reason: string; count: number; examples: string[] }[] };
  measures: Measure[];
  spots: Spot[];
}

/** LSP's positions: zero-based lines and UTF-16 units. */
export interface ProtocolRange {
  start: { line: number; character: number };
  end: { line: number; character: number };
}

export interface GeneratedEdit {
  edit?: { range: ProtocolRange; newText: string };
  version?: number;
  message?: string;
}

export interface Translation {
  text: string;
  languageId: string;
  fileName: string;
  truncated: boolean;
  message?: string;
}

export interface ModelInfo {
  name: string;
  path: string;
  parameters: number;
  embedded: boolean;
  active: boolean;
  description?: string;
}

export interface Statistics {
  shown: number;
  accepted: number;
  charactersAccepted: number;
  retention: { seconds: number; share?: number; of: number }[];
  /** Milliseconds. */
  latency: { count: number; p50?: number; p95?: number };
}

export interface DoctorCheck {
  name: string;
  status: 'ok' | 'warning' | 'error';
  detail: string;
  advice?: string;
}
