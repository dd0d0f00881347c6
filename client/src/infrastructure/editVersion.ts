/** Why an edit made for one version of a document may not be applied to it as it is now; undefined where it may. */
export function whyNotApplied(madeFor: number | undefined, current: number, closed: boolean): string | undefined {
  if (closed) return 'The file was closed in the meantime, so nothing was inserted.';
  if (madeFor !== undefined && madeFor !== current) {
    return 'The file changed in the meantime, so nothing was inserted. Run the command again.';
  }
  return undefined;
}
