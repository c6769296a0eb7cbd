import { event } from '../base/log.ts'
import type { StoresOptions } from './index.ts'
import { acceptFiles, type FoundFile } from './sqlite/accept.ts'
import { sqliteFiles } from './sqlite/pair.ts'

/**
 * Accepts what is left of a store, or what a backup brought back, and logs it. Tells what became of it.
 * Throws an Error that says what to do when it cannot be.
 */
export function acceptStores(
  { url, now, random }: StoresOptions,
  keepRecords: boolean,
): readonly string[] {
  const [, path] = /^sqlite:(.*)$/s.exec(url) ?? []
  if (path === undefined) throw new Error('only a store of files can be accepted')
  const { settings, records, setAside } = acceptFiles(sqliteFiles(path), {
    keepRecords,
    now: now(),
    random,
  })
  event('store.accepted', { kept: keepRecords, settings, records, setAside }, 'warn')
  return [
    ...[settings, records].map(told),
    keepRecords
      ? 'All records are kept: what was spent after the last commit of records.db can be spent again.'
      : 'Whatever had been issued is void: pushed requests, codes, tokens, sessions, and assertions made before now.',
    ...(setAside === undefined ? [] : [`The old records are in ${setAside}.`]),
  ]
}

function told({ file, commits, acknowledged }: FoundFile): string {
  const [there, known] = [commits, acknowledged].map((count) => count ?? 'an unknown number of')
  return `${file}: ${there} commits there, ${known} acknowledged`
}
