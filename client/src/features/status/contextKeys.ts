import * as vscode from 'vscode';
import type { Session } from '../../infrastructure/session';

/** Keeps the keys that `when` clauses of package.json ask for. */
export function keepContextKeys(session: Session): void {
  const values = new Map<string, boolean>();
  const set = (key: string, value: boolean): void => {
    if (values.get(key) === value) return;
    values.set(key, value);
    void vscode.commands.executeCommand('setContext', `codetuner.${key}`, value);
  };
  const update = (): void => {
    const folders = session.status.all;
    set(
      'tuning',
      folders.some((folder) => folder.tune),
    );
    set(
      'paused',
      folders.some((folder) => folder.tune?.paused),
    );
    set(
      'running',
      folders.some((folder) => folder.tune && !folder.tune.paused),
    );
    set(
      'hasPrevious',
      folders.some((folder) => folder.hasPrevious),
    );
  };
  session.context.subscriptions.push(session.status.onChange(update));
}
