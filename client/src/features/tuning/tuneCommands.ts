import * as vscode from 'vscode';
import { registerCommand } from '../../infrastructure/commands';
import { activeFolder, folderFor, openFolders } from '../../infrastructure/folders';
import { Requests, type FolderStatus, type TuneParams } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';

/** Starts, stops, pauses and resumes tunes, and goes back to the checkpoint before. */
export function registerTuneCommands(session: Session): void {
  registerCommand(session, 'codetuner.tune', async (folder, resume) => {
    const status = await tune(session, folder, resume === true ? true : undefined);
    if (status) session.status.set(status);
  });

  registerCommand(session, 'codetuner.cancelTune', async (folder) => {
    const target = await tuningFolder(session, 'Stop tuning', folder);
    const options = { location: vscode.ProgressLocation.Notification, title: 'CodeTuner: saving what was learned so far …' };
    const status = await vscode.window.withProgress(options, () =>
      session.server.request<FolderStatus>(Requests.cancelTune, { folder: target }),
    );
    session.status.set(status);
  });

  const pause = async (folder: unknown, paused: boolean): Promise<void> => {
    const target = await tuningFolder(session, paused ? 'Pause tuning' : 'Resume tuning', folder);
    session.status.set(await session.server.request<FolderStatus>(Requests.pauseTune, { folder: target, paused }));
  };
  registerCommand(session, 'codetuner.pauseTune', (folder) => pause(folder, true));
  registerCommand(session, 'codetuner.resumeTune', (folder) => pause(folder, false));

  registerCommand(session, 'codetuner.rollback', async (named) => {
    const folder = await folderFor('Use previous checkpoint', named);
    const status = await session.server.request<FolderStatus>(Requests.rollback, { folder: folder.uri });
    session.status.set(status);
    const now = status.serving === 'tuned' ? `the earlier run ${status.run ?? ''}`.trimEnd() : 'the base model';
    void vscode.window.showInformationMessage(`CodeTuner completes with ${now} again.`);
  });
}

async function tune(session: Session, named: unknown, resume: true | undefined): Promise<FolderStatus | undefined> {
  if (!vscode.workspace.isTrusted) {
    const manage = 'Manage Trust';
    const message = 'CodeTuner does not learn from a workspace that is not trusted.';
    if ((await vscode.window.showWarningMessage(message, manage)) === manage) {
      await vscode.commands.executeCommand('workbench.trust.manage');
    }
    return undefined;
  }
  const folder = await folderFor('Fine-tune', named);
  const params: TuneParams = { folder: folder.uri };
  // A status that has not come yet must not hide an unfinished run.
  if (!session.status.of(folder.uri)) await session.server.refresh();
  if (resume) params.resume = true;
  else if (session.status.of(folder.uri)?.canResume) params.resume = await askToResume(folder.name);
  return session.server.request<FolderStatus>(Requests.tune, params);
}

async function askToResume(name: string): Promise<boolean> {
  const items = [
    { label: '$(debug-continue) Resume the unfinished run', description: 'goes on where it stopped', resume: true },
    { label: '$(sparkle) Start a new run', description: 'reads the workspace anew', resume: false },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: `CodeTuner: Fine-tune on ${name}` });
  if (!picked) throw new vscode.CancellationError();
  return picked.resume;
}

/** The folder that is being tuned; asks only where several are. */
async function tuningFolder(session: Session, purpose: string, named: unknown): Promise<string> {
  if (typeof named === 'string') return named;
  const tuning = session.status.all.filter((status) => status.tune);
  if (tuning.length === 0) throw new Error('No tune is running.');
  const active = activeFolder();
  const decided = tuning.length === 1 ? tuning[0] : tuning.find((status) => status.folder === active);
  if (decided) return decided.folder;
  const folders = new Set(tuning.map((status) => status.folder));
  const items = openFolders()
    .filter((folder) => folders.has(folder.uri))
    .map((folder) => ({ label: folder.name, folder: folder.uri }));
  const picked = await vscode.window.showQuickPick(items, { title: `CodeTuner: ${purpose}`, placeHolder: 'Which folder?' });
  if (!picked) throw new vscode.CancellationError();
  return picked.folder;
}
