import type { FolderStatus, RunDetails, RunList } from '../../infrastructure/protocol';

/** What the runs view shows; the extension sends it whole whenever something changed. */
export interface RunsModel {
  folderName: string;
  trusted: boolean;
  status?: FolderStatus;
  list?: RunList;
  /** The run whose details are shown or on their way. */
  selected?: string;
  details?: RunDetails;
  /** Why the list or the details are missing. */
  error?: string;
}

export type RunAction = 'tune' | 'stop' | 'pause' | 'resume' | 'resumeRun' | 'promote' | 'rollback' | 'delete' | 'export' | 'reload';

/** What the view asks of the extension. */
export type ViewMessage = { type: 'ready' } | { type: 'select'; run: string } | { type: 'action'; action: RunAction; run?: string };

/** What the editor keeps of the view while it is hidden or the window is reloaded. */
export interface ViewState {
  folder: string;
  run?: string;
}

const actions: readonly string[] = [
  'tune',
  'stop',
  'pause',
  'resume',
  'resumeRun',
  'promote',
  'rollback',
  'delete',
  'export',
  'reload',
] satisfies RunAction[];

/** Checks what came from the view: a page is outside, whatever wrote it. */
export function readViewMessage(value: unknown): ViewMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, run, action } = value as Record<string, unknown>;
  if (type === 'ready') return { type };
  if (type === 'select' && typeof run === 'string') return { type, run };
  if (type === 'action' && typeof action === 'string' && actions.includes(action)) {
    return { type, action: action as RunAction, ...(typeof run === 'string' ? { run } : {}) };
  }
  return undefined;
}

/** Checks the state that the editor kept. */
export function readViewState(value: unknown): ViewState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { folder, run } = value as Record<string, unknown>;
  if (typeof folder !== 'string') return undefined;
  return typeof run === 'string' ? { folder, run } : { folder };
}
