import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { showError } from '../../infrastructure/commands';
import { isCancellation, messageOf } from '../../infrastructure/errors';
import type { Folder } from '../../infrastructure/folderChoice';
import { openFolders } from '../../infrastructure/folders';
import { Requests, type FolderStatus, type RunDetails, type RunList } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';
import { readViewMessage, readViewState, type RunsModel, type ViewMessage } from './messages';
import { runsPage } from './page';
import { performRunAction } from './runActions';

const viewType = 'codetuner.runs';

/** The runs views that are open: one a folder. */
export class RunsPanels {
  private readonly panels = new Map<string, RunsPanel>();

  constructor(private readonly session: Session) {
    session.context.subscriptions.push(
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel, state) => {
          const kept = readViewState(state);
          const folder = openFolders().find(({ uri }) => uri === kept?.folder) ?? openFolders()[0];
          if (folder && !this.panels.has(folder.uri)) this.adopt(panel, folder, kept?.run);
          else panel.dispose();
          return Promise.resolve();
        },
      }),
    );
  }

  /** Shows a folder's runs, with one of them selected where it is named. */
  show(folder: Folder, run: string | undefined): void {
    const open = this.panels.get(folder.uri);
    if (open) {
      open.reveal(run);
      return;
    }
    const title = `CodeTuner Runs: ${folder.name}`;
    const panel = vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active);
    this.adopt(panel, folder, run);
  }

  private adopt(panel: vscode.WebviewPanel, folder: Folder, run: string | undefined): void {
    this.panels.set(folder.uri, new RunsPanel(this.session, panel, folder, run));
    panel.onDidDispose(() => this.panels.delete(folder.uri));
  }
}

/** One view: sends the page what to show, and does what it asks. */
class RunsPanel {
  private readonly model: RunsModel;
  private readonly subscriptions: { dispose(): unknown }[] = [];
  /** Counts loads: an answer that a later question has outrun is dropped. */
  private loads = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly session: Session,
    private readonly panel: vscode.WebviewPanel,
    private readonly folder: Folder,
    run: string | undefined,
  ) {
    this.model = { folderName: folder.name, trusted: vscode.workspace.isTrusted, ...(run === undefined ? {} : { selected: run }) };
    const root = session.context.extensionUri;
    const dist = vscode.Uri.joinPath(root, 'dist');
    const media = vscode.Uri.joinPath(root, 'media');
    const { webview } = panel;
    webview.options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [dist, media] };
    panel.iconPath = vscode.Uri.joinPath(media, 'runs.svg');
    this.subscriptions.push(
      webview.onDidReceiveMessage((message: unknown) => void this.receive(readViewMessage(message))),
      session.status.onChange((changed, before) => this.follow(changed, before)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.model.trusted = true;
        this.send();
      }),
    );
    panel.onDidDispose(() => {
      clearTimeout(this.timer);
      for (const subscription of this.subscriptions) subscription.dispose();
    });
    webview.html = runsPage({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      scriptUri: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'runs.js')).toString(),
      styleUri: webview.asWebviewUri(vscode.Uri.joinPath(media, 'runs.css')).toString(),
      folder: folder.uri,
    });
  }

  reveal(run: string | undefined): void {
    this.panel.reveal();
    if (run !== undefined) this.model.selected = run;
    void this.load();
  }

  private async receive(message: ViewMessage | undefined): Promise<void> {
    switch (message?.type) {
      case 'ready':
        // A view that was hidden shows at once what was known, and then what is new.
        if (this.model.list) this.send();
        await this.load();
        break;
      case 'select':
        this.model.selected = message.run;
        await this.load();
        break;
      case 'action':
        try {
          await performRunAction(this.session, this.folder, message.action, message.run);
        } catch (error) {
          if (!isCancellation(error)) void showError(this.session, messageOf(error));
        }
        await this.load();
        break;
      case undefined:
        break;
    }
  }

  /** Progress is shown at once; the list and the curve follow at their own, slower pace. */
  private follow(changed: FolderStatus | undefined, before: FolderStatus | undefined): void {
    if (changed && changed.folder !== this.folder.uri) return;
    const status = this.session.status.of(this.folder.uri);
    if (status) this.model.status = status;
    else delete this.model.status;
    this.send();

    const turned = !changed || changed.run !== before?.run || (changed.tune === undefined) !== (before?.tune === undefined);
    if (turned) void this.load();
    else if (changed.tune) this.timer ??= setTimeout(() => void this.load(), 3000);
  }

  private async load(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const load = ++this.loads;
    const { model, folder, session } = this;
    try {
      const list = await session.server.request<RunList>(Requests.runs, { folder: folder.uri });
      const status = session.status.of(folder.uri);
      const known = list.runs.some((run) => run.id === model.selected);
      const selected = known ? model.selected : (status?.tune?.run ?? list.promoted ?? list.runs[0]?.id);
      const details =
        selected === undefined ? undefined : await session.server.request<RunDetails>(Requests.run, { folder: folder.uri, run: selected });
      if (load !== this.loads) return;
      Object.assign(model, { list, selected, details, status, error: undefined });
    } catch (error) {
      if (load !== this.loads) return;
      model.error = messageOf(error);
    }
    this.send();
  }

  private send(): void {
    void this.panel.webview.postMessage(this.model);
  }
}
