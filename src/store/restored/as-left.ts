import { alarm } from '../../base/log.ts'
import type { Store } from '../store.ts'
import { distrusted, refuse } from './look.ts'
import { readTally, type StoredTally, together, type Witnessed, wrongWith } from './tally.ts'
import type { Witness } from './witness.ts'

/** A records shelf that others keep, as somebody opens it. */
interface Opened {
  readonly records: Store
  readonly witnesses: readonly Pick<Witness, 'read'>[]
  /** Where it is, as it may be shown. */
  readonly url: string
  /** Whether it was empty just now. */
  readonly begun: boolean
}

/** Its tally, and what witnesses remember of it. @throws Error that says what to do where it is not as it was left. */
export async function requireAsLeft({ records, witnesses, url, begun }: Opened): Promise<{
  readonly found: StoredTally | undefined
  readonly witnessed: Witnessed
}> {
  // Witnesses first: a tally is raised before anybody is told of it.
  let witnessed: Witnessed = {}
  for (const each of witnesses) witnessed = together(witnessed, await each.read())
  const found = await readTally(records)
  const wrong = wrongWith(found?.tally, witnessed, begun)
  if (wrong === undefined) return { found, witnessed }
  await refuse(records, found)
  const reason = distrusted(url, wrong)
  alarm('store.refused', { store: url, reason })
  throw new Error(reason)
}
