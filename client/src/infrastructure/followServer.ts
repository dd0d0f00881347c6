import * as vscode from 'vscode';
import type { Session } from './session';

/** Lets the status store follow the server and the open folders. */
export function followServer(session: Session): void {
  session.context.subscriptions.push(
    session.server.onDidChangeState((state) => session.status.setServer(state)),
    session.server.onDidChangeStatus((status) => session.status.set(status)),
    vscode.workspace.onDidChangeWorkspaceFolders((event) => {
      for (const folder of event.removed) session.status.remove(folder.uri.toString());
    }),
  );
}
