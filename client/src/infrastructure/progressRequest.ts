import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Session } from './session';

interface WorkDoneProgress {
  kind: 'begin' | 'report' | 'end';
  message?: string;
  percentage?: number;
}

/** Sends a request that may take seconds: the user sees its progress and can cancel it. */
export async function requestWithProgress<R>(session: Session, title: string, method: string, params: object): Promise<R> {
  const options = { location: vscode.ProgressLocation.Notification, title: `CodeTuner: ${title}`, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const { ProgressType } = await import('vscode-languageclient/node');
    const client = await session.server.running(token);
    const workDoneToken = randomUUID();
    let shown = 0;
    const subscription = client.onProgress(new ProgressType<WorkDoneProgress>(), workDoneToken, ({ message, percentage }) => {
      const increment = percentage === undefined ? 0 : Math.max(0, percentage - shown);
      shown += increment;
      progress.report({ increment, ...(message === undefined ? {} : { message }) });
    });
    try {
      const result = await session.server.request<R>(method, { ...params, workDoneToken }, token);
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      return result;
    } finally {
      subscription.dispose();
    }
  });
}
