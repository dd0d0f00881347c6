import type { FolderStatus } from '../../infrastructure/protocol';
import type { ServerState } from '../../infrastructure/server/supervisor';

/** What is known of the server and of each folder; whoever shows it listens. */
export class StatusStore {
  private readonly folders = new Map<string, FolderStatus>();
  private readonly listeners = new Set<(changed: FolderStatus | undefined, before: FolderStatus | undefined) => void>();
  private serverState: ServerState = { kind: 'stopped' };

  get server(): ServerState {
    return this.serverState;
  }

  get all(): FolderStatus[] {
    return [...this.folders.values()];
  }

  /** The status of a folder, or of the only one. */
  of(folder: string | undefined): FolderStatus | undefined {
    if (folder !== undefined) {
      const found = this.folders.get(folder);
      if (found) return found;
    }
    return this.folders.size === 1 ? this.all[0] : undefined;
  }

  setServer(state: ServerState): void {
    this.serverState = state;
    // What an earlier process said of its tunes no longer holds.
    if (state.kind !== 'running') this.folders.clear();
    this.tell(undefined, undefined);
  }

  set(status: FolderStatus): void {
    const before = this.folders.get(status.folder);
    this.folders.set(status.folder, status);
    this.tell(status, before);
  }

  remove(folder: string): void {
    if (this.folders.delete(folder)) this.tell(undefined, undefined);
  }

  /** Calls `listener` with each change: the folder's status and the one before it, or neither where all may have changed. */
  onChange(listener: (changed: FolderStatus | undefined, before: FolderStatus | undefined) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  private tell(changed: FolderStatus | undefined, before: FolderStatus | undefined): void {
    for (const listener of [...this.listeners]) listener(changed, before);
  }
}
