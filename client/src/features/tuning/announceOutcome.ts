import * as vscode from 'vscode';
import type { FolderStatus } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';
import { tuneOutcome, type OutcomeMessage } from './tuneOutcome';

/** Tells plainly how each tune ended. */
export function announceOutcome(session: Session): void {
  const subscription = session.status.onChange((now, before) => {
    const message = now && tuneOutcome(before, now);
    if (message) void tell(session, now, message);
  });
  session.context.subscriptions.push(subscription);
}

async function tell(session: Session, status: FolderStatus, message: OutcomeMessage): Promise<void> {
  const show = {
    information: vscode.window.showInformationMessage,
    warning: vscode.window.showWarningMessage,
    error: vscode.window.showErrorMessage,
  }[message.kind];
  switch (await show(message.text, ...message.actions)) {
    case 'Show Run':
      await vscode.commands.executeCommand('codetuner.showRuns', status.folder, status.last?.run);
      break;
    case 'Use Previous':
    case 'Use Base Model':
      await vscode.commands.executeCommand('codetuner.rollback', status.folder);
      break;
    case 'Resume':
      await vscode.commands.executeCommand('codetuner.tune', status.folder, true);
      break;
    case 'Show Log':
      session.log.show();
      break;
    case undefined:
      break;
  }
}
