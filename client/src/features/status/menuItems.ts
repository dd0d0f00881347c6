import type { FolderStatus } from '../../infrastructure/protocol';
import type { ServerState } from '../../infrastructure/server/supervisor';
import { percent } from '../../infrastructure/format';

export interface MenuItem {
  label: string;
  description?: string;
  command: string;
  args?: unknown[];
}

/** What the status bar's menu offers, the likeliest first. `undefined` separates groups. */
export function menuItems(
  server: ServerState,
  status: FolderStatus | undefined,
  completionEnabled: boolean,
  canWrite: boolean,
): (MenuItem | undefined)[] {
  const items: (MenuItem | undefined)[] = [];
  if (server.kind === 'failed' || server.kind === 'stopped') {
    items.push({ label: '$(debug-restart) Start the server again', command: 'codetuner.restartServer' }, undefined);
  }

  const folder = status ? [status.folder] : [];
  if (status?.tune) {
    const where = percent(status.tune.progress);
    items.push(
      status.tune.paused
        ? { label: '$(play) Resume tuning', description: where, command: 'codetuner.resumeTune', args: folder }
        : { label: '$(debug-pause) Pause tuning', description: where, command: 'codetuner.pauseTune', args: folder },
      {
        label: '$(debug-stop) Stop tuning',
        description: 'everything learned so far is saved',
        command: 'codetuner.cancelTune',
        args: folder,
      },
    );
  } else if (status && !status.trusted) {
    items.push({ label: '$(shield) Trust this workspace …', description: 'tuning needs it', command: 'workbench.trust.manage' });
  } else if (server.kind === 'running' && status) {
    items.push({
      label: '$(sparkle) Fine-tune on this workspace',
      ...(status.canResume ? { description: 'or go on with the unfinished run' } : {}),
      command: 'codetuner.tune',
      args: folder,
    });
  }
  items.push({ label: '$(graph) Show runs', command: 'codetuner.showRuns', args: folder });
  if (status?.hasPrevious && !status.tune) {
    const label = status.previous === undefined ? '$(discard) Use the base model again' : '$(discard) Use the previous checkpoint';
    items.push({ label, command: 'codetuner.rollback', args: folder });
  }

  if (canWrite) {
    items.push(
      undefined,
      { label: '$(comment) Generate from comment', command: 'codetuner.generateFromComment' },
      { label: '$(note) Summarize function or type', command: 'codetuner.summarize' },
      { label: '$(eye) Review changes', command: 'codetuner.review' },
      { label: '$(arrow-swap) Translate file to …', command: 'codetuner.translate' },
    );
  }

  items.push(
    undefined,
    {
      label: `$(${completionEnabled ? 'circle-slash' : 'check'}) Turn completions ${completionEnabled ? 'off' : 'on'}`,
      command: 'codetuner.toggleCompletion',
    },
    { label: '$(package) Choose model', ...(status ? { description: status.model } : {}), command: 'codetuner.chooseModel' },
    { label: '$(pulse) Statistics', command: 'codetuner.showStatistics' },
    { label: '$(checklist) Doctor', command: 'codetuner.doctor' },
    { label: '$(output) Log', command: 'codetuner.showLog' },
    { label: '$(gear) Settings', command: 'codetuner.openSettings' },
  );
  return items;
}
