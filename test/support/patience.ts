/** Milliseconds after which what was waited for is taken to have failed. No promise: a machine with much else to do is slow. */
export const PATIENCE = 60_000
