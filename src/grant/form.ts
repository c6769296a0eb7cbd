/** Every optional member, said or undefined: none can be forgotten where this is asked for. */
export type All<T> = { readonly [K in keyof T]-?: T[K] | undefined }

/** The same while it is being made. */
export type Changing<T> = { -readonly [K in keyof T]: T[K] }

/** The members that are there, as JSON will have them; null when there are none. */
export function someOf<T>(all: All<T>): Partial<T> | null {
  for (const name in all) if (all[name] !== undefined) return all
  return null
}
