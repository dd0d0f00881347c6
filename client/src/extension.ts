import { loadingBegan } from './loading';
import * as vscode from 'vscode';
import { registerDoctor } from './features/doctor/doctorCommand';
import { registerGenerate } from './features/generation/generateCommand';
import { installedCuda, registerInstallCuda } from './features/gpu/installCuda';
import { gpuEnvironment } from './features/gpu/serverEnvironment';
import { LatencyWindow } from './features/inlineCompletion/latency';
import { inlineCompletionMiddleware } from './features/inlineCompletion/middleware';
import { registerChooseModel } from './features/models/chooseModel';
import { reviewMiddleware } from './features/review/diagnosticsMiddleware';
import { registerReview } from './features/review/reviewCommand';
import { registerRuns } from './features/runs/runsCommand';
import { registerStatistics } from './features/statistics/statisticsCommand';
import { keepContextKeys } from './features/status/contextKeys';
import { registerMenu } from './features/status/menu';
import { tellServerProblems } from './features/status/serverMessages';
import { showStatusBar } from './features/status/statusBar';
import { StatusStore } from './features/status/statusStore';
import { reportTrust } from './features/status/trust';
import { hoverMiddleware } from './features/summary/hoverMiddleware';
import { registerSummarize } from './features/summary/summarizeCommand';
import { registerTranslate } from './features/translation/translateCommand';
import { announceOutcome } from './features/tuning/announceOutcome';
import { reportIdle } from './features/tuning/reportIdle';
import { registerTuneCommands } from './features/tuning/tuneCommands';
import { configurationMiddleware, watchSettings } from './infrastructure/configuration';
import { LanguageServer } from './infrastructure/languageServer';
import { createLog } from './infrastructure/log';
import { followServer } from './infrastructure/followServer';
import { Notifications } from './infrastructure/protocol';
import { ReadOnlyPages } from './infrastructure/readOnlyPage';
import type { Session } from './infrastructure/session';
import { readSettings } from './infrastructure/settings';

// Between loading and activation the editor does work of its own.
const loadingTook = performance.now() - loadingBegan;
let running: LanguageServer | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now();
  const log = createLog();
  const latency = new LatencyWindow();
  const shown = (id: string): void => void server.notify(Notifications.didShowCompletion, { id });
  const server = new LanguageServer(
    context,
    log,
    {
      ...inlineCompletionMiddleware({ latency, log, shown }),
      ...hoverMiddleware,
      ...reviewMiddleware,
      workspace: configurationMiddleware,
    },
    (settings) => gpuEnvironment(settings, installedCuda(context)),
  );
  running = server;
  const session: Session = {
    context,
    log,
    server,
    status: new StatusStore(),
    settings: (resource) => {
      const configuration = vscode.workspace.getConfiguration('codetuner', resource);
      return readSettings((name) => configuration.get(name));
    },
  };
  context.subscriptions.push(log, server);

  // What the user sees of the server
  followServer(session);
  keepContextKeys(session);
  showStatusBar(session);
  registerMenu(session);
  tellServerProblems(session);

  // Tuning
  registerTuneCommands(session);
  announceOutcome(session);
  registerRuns(session);
  reportIdle(session);
  reportTrust(session);

  // Help with code; completions, summaries on hover and reviews need no command
  registerGenerate(session);
  registerSummarize(session);
  registerTranslate(session);
  registerReview(session);

  // The model and its surroundings
  const pages = new ReadOnlyPages(session);
  registerChooseModel(session);
  registerInstallCuda(session);
  registerStatistics(session, pages, latency);
  registerDoctor(session, pages);
  watchSettings(session);

  void server.start();
  log.info(`Activated in ${(loadingTook + performance.now() - began).toFixed(0)} ms.`);
}

export function deactivate(): Promise<void> | undefined {
  return running?.stop();
}
