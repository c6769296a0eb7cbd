import type { Realm } from '../realm/realm.ts'
import { rulesOf } from './rules.ts'

/** A text without what is nobody's to read. What is to be cut is masked first: half a secret would not be found. */
export type Masking = (text: string) => string

/** Takes secrets that a script was given, and those of its realm, out of what is written of it. */
export function maskingOf(realm: Realm, secrets: readonly string[] = []): Masking {
  const own = Object.values(rulesOf(realm).values[realm.path]?.secrets ?? {})
  const hidden = worthHiding([...secrets, ...own])
  return (text) => without(text, hidden)
}

/** Shorter ones would take half of every word away. */
const shortestSecret = 5

/** To look for more of them in every line would hold up whoever else is served: then nothing of a line is told. */
const mostSecrets = 100

/** Once more what a script writes: passwords and other secrets it was given are nobody's to read. */
function without(text: string, secrets: readonly string[]): string {
  if (secrets.length > mostSecrets) return '[masked]'
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[masked]'), text)
}

/** What is looked for: each once, as it is and as JSON writes it; the longest first, of which others are a part. */
function worthHiding(secrets: readonly string[]): readonly string[] {
  const long = secrets.filter(({ length }) => length >= shortestSecret)
  const written = long.map((secret) => JSON.stringify(secret).slice(1, -1))
  return [...new Set([...long, ...written])].sort((a, b) => b.length - a.length)
}
