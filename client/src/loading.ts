/** When the extension's code began to run. Imported before anything else, so that what the other modules take counts too. */
export const loadingBegan = performance.now();
