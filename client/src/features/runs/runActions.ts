import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Folder } from '../../infrastructure/folderChoice';
import { Requests, type FolderStatus } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';
import type { RunAction } from './messages';

/** Does what a button of the runs view says; what can't be undone is asked for first. */
export async function performRunAction(session: Session, folder: Folder, action: RunAction, run: string | undefined): Promise<void> {
  switch (action) {
    case 'reload':
      return;
    case 'tune':
      await vscode.commands.executeCommand('codetuner.tune', folder.uri);
      return;
    case 'resumeRun':
      await vscode.commands.executeCommand('codetuner.tune', folder.uri, true);
      return;
    case 'stop':
      await vscode.commands.executeCommand('codetuner.cancelTune', folder.uri);
      return;
    case 'pause':
      await vscode.commands.executeCommand('codetuner.pauseTune', folder.uri);
      return;
    case 'resume':
      await vscode.commands.executeCommand('codetuner.resumeTune', folder.uri);
      return;
    case 'rollback':
      await vscode.commands.executeCommand('codetuner.rollback', folder.uri);
      return;
    case 'promote':
      if (run !== undefined) session.status.set(await session.server.request<FolderStatus>(Requests.promote, { folder: folder.uri, run }));
      return;
    case 'delete':
      if (run !== undefined) await deleteRun(session, folder, run);
      return;
    case 'export':
      if (run !== undefined) await exportRun(session, folder, run);
      return;
  }
}

async function deleteRun(session: Session, folder: Folder, run: string): Promise<void> {
  const yes = 'Delete';
  const detail = 'Its checkpoints and its report are removed from the disk. This can not be undone.';
  const answer = await vscode.window.showWarningMessage(`Delete the run ${run} of ${folder.name}?`, { modal: true, detail }, yes);
  if (answer === yes) await session.server.request(Requests.deleteRun, { folder: folder.uri, run });
}

async function exportRun(session: Session, folder: Folder, run: string): Promise<void> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Where to put the exported model',
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: 'Export Here',
  });
  const [parent] = chosen ?? [];
  if (!parent) return;
  const target = path.join(parent.fsPath, `${folder.name}-${run}`);
  const options = { location: vscode.ProgressLocation.Notification, title: `CodeTuner: exporting ${run}` };
  const exported = await vscode.window.withProgress(options, () =>
    session.server.request<{ path: string }>(Requests.exportRun, { folder: folder.uri, run, target }),
  );
  const reveal = 'Show in Folder';
  const said = `Exported to ${exported.path}. It contains traces of your code: share it as you would share the code.`;
  if ((await vscode.window.showInformationMessage(said, reveal)) === reveal) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(exported.path));
  }
}
