import * as vscode from 'vscode';
import { Notifications } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';

/** Tells the server when the user trusts the workspace after all; a start of the server carries it by itself. */
export function reportTrust(session: Session): void {
  const subscription = vscode.workspace.onDidGrantWorkspaceTrust(() => session.server.notify(Notifications.didGrantTrust, {}));
  session.context.subscriptions.push(subscription);
}
