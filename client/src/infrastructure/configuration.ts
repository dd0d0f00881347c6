import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import type { Session } from './session';
import { readSettings } from './settings';

/** Hands the server settings that fit: a value that does not is replaced by its default. */
export const configurationMiddleware: NonNullable<Middleware['workspace']> = {
  configuration: (params, token, next) => {
    if (params.items.some((item) => item.section !== 'codetuner')) return next(params, token);
    return params.items.map((item) => {
      const scope = item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri);
      const configuration = vscode.workspace.getConfiguration('codetuner', scope);
      return readSettings((name) => configuration.get(name)).settings;
    });
  },
};

/** Warns of values that do not fit, and starts another server when its path changed. */
export function watchSettings(session: Session): void {
  const warn = (): void => {
    for (const problem of session.settings().problems) session.log.warn(problem);
  };
  warn();
  const subscription = vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration('codetuner')) return;
    warn();
    if (event.affectsConfiguration('codetuner.server.path')) void session.server.start();
  });
  session.context.subscriptions.push(subscription);
}
