import { event } from '../base/log.ts'
import type { FoundFile, StoresOptions } from './backend.ts'
import { isKeptByOthers, located } from './index.ts'
import { acceptShared } from './restored/accept.ts'

/**
 * Accepts what is left of a store, or what a backup brought back, and logs it. Tells what became of it.
 * Throws an Error that says what to do when it cannot be.
 */
export async function acceptStores(
  given: StoresOptions,
  keepRecords: boolean,
): Promise<readonly string[]> {
  const { url, settingsUrl = url, now, random } = given
  if (isKeptByOthers(url)) return acceptShared(given, keepRecords)
  const { backend, rest } = located(url)
  if (backend.accept === undefined)
    throw new Error('nothing of such a store is left to be accepted')
  if (settingsUrl !== url)
    throw new Error('of two stores only records that others keep are accepted')
  const options = { keepRecords, now: now(), random }
  const { settings, records, setAside } = backend.accept(rest, options)
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
  const there = commits === undefined ? 'not read' : `${commits} commits there`
  const known = acknowledged === undefined ? 'no mark tells of how many' : `${acknowledged}`
  return `${file}: ${there}, ${known} acknowledged`
}
