/** What is answered to each of the `people` of `index.ts`, in their order. */
export type Statuses = readonly [number, number, number, number, number, number, number, number]

/** Administrators of the realm and of those above it. */
export const administrators = (ok: number): Statuses => [401, 403, 403, ok, 403, 403, ok, ok]
/** Administrators of the root alone. */
export const root = (ok: number): Statuses => [401, 403, 403, 403, 403, 403, 403, ok]
/** The account itself, administrators of the realm and of those above it. */
export const ownToo = (own: number, ok: number): Statuses => [401, own, 403, ok, 403, 403, ok, ok]
