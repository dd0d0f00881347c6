import * as vscode from 'vscode';

/** The output channel "CodeTuner". No code, prompt or path goes to it at the default level. */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel('CodeTuner', { log: true });
}
