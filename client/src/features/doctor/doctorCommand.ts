import * as vscode from 'vscode';
import { registerCommand } from '../../infrastructure/commands';
import { messageOf } from '../../infrastructure/errors';
import { Requests, type DoctorCheck } from '../../infrastructure/protocol';
import type { ReadOnlyPages } from '../../infrastructure/readOnlyPage';
import type { Session } from '../../infrastructure/session';
import { doctorReport } from './report';

/** Checks the editor's side and the server's, and shows what it found on one page. */
export function registerDoctor(session: Session, pages: ReadOnlyPages): void {
  registerCommand(session, 'codetuner.doctor', async () => {
    const options = { location: vscode.ProgressLocation.Notification, title: 'CodeTuner: examining', cancellable: true };
    const checks = await vscode.window.withProgress(options, async (_, token) => [
      ...editorChecks(session),
      ...(await serverChecks(session, token)),
    ]);
    await pages.show('CodeTuner Doctor', doctorReport(checks));
  });
}

function editorChecks(session: Session): DoctorCheck[] {
  const { settings, problems } = session.settings();
  const inline = vscode.workspace.getConfiguration('editor').get<boolean>('inlineSuggest.enabled', true);
  const checks: DoctorCheck[] = [
    inline
      ? { name: 'Inline suggestions', status: 'ok', detail: 'on in the editor' }
      : {
          name: 'Inline suggestions',
          status: 'warning',
          detail: 'off in the editor, so no completion is shown',
          advice: 'Turn the setting editor.inlineSuggest.enabled on.',
        },
    settings.completion.enabled
      ? { name: 'Completions', status: 'ok', detail: 'on' }
      : { name: 'Completions', status: 'warning', detail: 'off', advice: 'Turn the setting codetuner.completion.enabled on.' },
    vscode.workspace.isTrusted
      ? { name: 'Workspace trust', status: 'ok', detail: 'trusted' }
      : {
          name: 'Workspace trust',
          status: 'warning',
          detail: 'not trusted, so nothing is learned',
          advice: 'Run "Workspaces: Manage Workspace Trust".',
        },
  ];
  for (const problem of problems)
    checks.push({ name: 'Settings', status: 'warning', detail: problem, advice: 'Correct it in the settings.' });
  return checks;
}

async function serverChecks(session: Session, token: vscode.CancellationToken): Promise<DoctorCheck[]> {
  try {
    const { checks } = await session.server.request<{ checks: DoctorCheck[] }>(Requests.doctor, {}, token);
    const program = session.server.program;
    const where = program ? `runs: ${[program.command, ...program.args].join(' ')} (${program.foundBy})` : 'runs';
    return [{ name: 'Server', status: 'ok', detail: where }, ...checks];
  } catch (error) {
    if (token.isCancellationRequested) throw error;
    const advice = `Read the log (CodeTuner: Show Log) and ${session.server.logFile}.`;
    return [{ name: 'Server', status: 'error', detail: messageOf(error), advice }];
  }
}
