import { LanguageClient, type InitializeParams, type LanguageClientOptions, type StreamInfo } from 'vscode-languageclient/node';

export { CloseAction, ErrorAction } from 'vscode-languageclient/node';

/** The library's client shows messages of its own when a connection fails; here they go to the log, and the user gets one of ours. */
class QuietLanguageClient extends LanguageClient {
  // A tune's progress stands in our own item of the status bar; the server need not have it shown a second time.
  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    if (params.capabilities.window) params.capabilities.window.workDoneProgress = false;
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  override warn(message: string, data?: unknown): void {
    super.warn(message, data, false);
  }

  override info(message: string, data?: unknown): void {
    super.info(message, data, false);
  }
}

/** A client that speaks over these streams; the process behind them is the caller's. */
export function createLanguageClient(streams: StreamInfo, options: LanguageClientOptions): LanguageClient {
  return new QuietLanguageClient('codetuner', 'CodeTuner', () => Promise.resolve({ ...streams, detached: true }), options);
}
