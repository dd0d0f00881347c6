import * as vscode from 'vscode';
import { Notifications } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';
import { IdleWatch } from './idleWatch';

/** Tells the server when the user is idle, for the automatic tune. */
export function reportIdle(session: Session): void {
  const watch = new IdleWatch((idle) => void session.server.notify(Notifications.userIsIdle, { idle }));
  const active = (): void => watch.active();
  session.context.subscriptions.push(
    watch,
    vscode.window.onDidChangeWindowState((state) => state.focused && active()),
    vscode.window.onDidChangeTextEditorSelection(active),
    vscode.window.onDidChangeActiveTextEditor(active),
    vscode.workspace.onDidChangeTextDocument((event) => event.document.uri.scheme === 'file' && active()),
    // A server that was started anew knows nothing of it.
    session.server.onDidChangeState((state) => {
      if (state.kind === 'running' && watch.isIdle) void session.server.notify(Notifications.userIsIdle, { idle: true });
    }),
  );
}
