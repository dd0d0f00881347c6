import * as vscode from 'vscode';
import { isCancellation, messageOf } from './errors';
import type { Session } from './session';

/** Registers a command whose errors reach the user as one message. */
export function registerCommand(session: Session, id: string, run: (...args: unknown[]) => Promise<void> | void): void {
  const command = vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await run(...args);
    } catch (error) {
      if (isCancellation(error)) return;
      session.log.warn(`${id}: ${messageOf(error)}`);
      await showError(session, messageOf(error));
    }
  });
  session.context.subscriptions.push(command);
}

/** An error, with a way to the log. */
export async function showError(session: Session, message: string): Promise<void> {
  const showLog = 'Show Log';
  if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) session.log.show();
}
