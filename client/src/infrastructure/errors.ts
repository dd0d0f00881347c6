// The JSON-RPC library's codes for a connection that broke before the answer came.
const brokenConnection = new Set([-32096, -32097]);

/** What an error says to the user. */
export function messageOf(error: unknown): string {
  if (brokenConnection.has(codeOf(error))) return "CodeTuner's server ended before it answered. It is started again; then try once more.";
  const message = error instanceof Error ? error.message : String(error);
  return message.trim() === '' ? 'Something went wrong; the log says more.' : message;
}

// LSP's codes for a request that came to nothing because it was cancelled or its document moved on.
const quietCodes = new Set([-32800, -32801, -32802]);

/** Whether an error only says that the user, or a newer request, ended the request. */
export function isCancellation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'Canceled' || error.name === 'CancellationError') return true;
  return quietCodes.has(codeOf(error));
}

function codeOf(error: unknown): number {
  return error instanceof Error ? ((error as Error & { code?: number }).code ?? 0) : 0;
}
