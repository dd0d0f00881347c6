import * as vscode from 'vscode';
import type { DiagnosticProviderMiddleware } from 'vscode-languageclient/node';

const quietMs = 1000;

/**
 * Asks for no review where the user turned it off, and for that of a changed document only when its user has paused:
 * reading it costs the model a moment.
 */
export const reviewMiddleware: DiagnosticProviderMiddleware = {
  provideDiagnostics: async (document, previousResultId, token, next) => {
    const uri = document instanceof vscode.Uri ? document : document.uri;
    if (vscode.workspace.getConfiguration('codetuner', uri).get('review.enabled') === false) return undefined;
    await pause(token);
    return next(document, previousResultId, token);
  },
};

// The client cancels this token as soon as the document changes again, and asks anew.
function pause(token: vscode.CancellationToken): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      subscription.dispose();
      resolve();
    }, quietMs);
    const subscription = token.onCancellationRequested(() => {
      clearTimeout(timer);
      subscription.dispose();
      reject(new vscode.CancellationError());
    });
  });
}
