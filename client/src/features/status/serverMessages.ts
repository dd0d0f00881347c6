import * as vscode from 'vscode';
import { ServerNotFoundError } from '../../infrastructure/server/locateServer';
import type { Session } from '../../infrastructure/session';

/** Says once what happened to the server, with what to do. */
export function tellServerProblems(session: Session): void {
  let saidRestarting = false;
  const subscription = session.server.onDidChangeState((state) => {
    if (state.kind === 'restarting' && !saidRestarting) {
      saidRestarting = true;
      void offer(session, 'information', "CodeTuner's server ended unexpectedly and is started again.", ['Show Log']);
    } else if (state.kind === 'failed') {
      const missing = state.error instanceof ServerNotFoundError;
      void offer(session, 'error', state.message, missing ? ['Open Settings', 'Show Log'] : ['Try Again', 'Show Log']);
    }
  });
  session.context.subscriptions.push(subscription);
}

type Action = 'Open Settings' | 'Show Log' | 'Try Again';

async function offer(session: Session, kind: 'information' | 'error', message: string, actions: Action[]): Promise<void> {
  const show = kind === 'error' ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  switch (await show(message, ...actions)) {
    case 'Open Settings':
      await vscode.commands.executeCommand('workbench.action.openSettings', 'codetuner.server.path');
      break;
    case 'Show Log':
      session.log.show();
      break;
    case 'Try Again':
      await session.server.start();
      break;
    case undefined:
      break;
  }
}
