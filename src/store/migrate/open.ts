import { type ShelfName, type StoresOptions, shelfNames } from '../backend.ts'
import {
  anyShelves,
  isKeptByOthers,
  located,
  type ProvenShelves,
  rawShelves,
  shownUrl,
  unsealed,
} from '../index.ts'
import { keysText } from '../key.ts'
import { acceptedIn, writeAccepted } from '../restored/accepted.ts'
import { requireAsLeft } from '../restored/as-left.ts'
import { witnessesOf } from '../restored/witness.ts'
import type { Move } from './begin.ts'

/** Servers look once a second whether their store was moved. */
const seenBy = 3000

/** Both ends of a migration. */
export interface Ends {
  readonly moves: readonly Move[]
  /** A process that has the old store open, where that can be told. */
  readonly holder: () => number | undefined
  /** Milliseconds from the mark of the switch until every server has seen it, where `holder` does not tell of all. */
  readonly settle: number
  readonly close: () => Promise<void>
}

/**
 * Opens what is moved and where to. The keys are the old store's and are proven there; the new one is laid out
 * under the same. @throws Error that says what to do.
 */
export async function openEnds(from: StoresOptions, to: StoresOptions): Promise<Ends> {
  const [fromUrls, toUrls] = [urlsOf(from), urlsOf(to)]
  const names = shelfNames.filter((name) => fromUrls[name] !== toUrls[name])
  if (names.length === 0) throw new Error('both ends are the same store')
  for (const name of names) refuseFleeting(toUrls[name])
  const old = await anyShelves(from)
  const closeOld = async (): Promise<void> => {
    await Promise.all(shelfNames.map((name) => old[name].close()))
  }
  const target = await asLeft(old, from)
    .then(() => rawShelves({ ...to, keyText: keysText(old.master) }))
    .catch(async (error: unknown) => {
      await closeOld()
      throw error
    })
  const moves = names.map((name) => ({
    ...{ name, from: old[name], to: target[name] },
    ...{ fromUrl: shownUrl(fromUrls[name]), toUrl: shownUrl(toUrls[name]) },
  }))
  const olds = [...new Set(names.map((name) => fromUrls[name]))].map(located)
  return {
    moves,
    holder: () =>
      olds.map(({ backend, rest }) => backend.holder?.(rest)).find((pid) => pid !== undefined),
    settle: olds.every(({ backend }) => backend.holder !== undefined) ? 0 : seenBy,
    close: async () => {
      await closeOld()
      await Promise.all(shelfNames.map((name) => target[name].close()))
    },
  }
}

/**
 * What nobody may serve before an operator has accepted it is not served elsewhere either. Files say so when they are
 * opened. What an operator has accepted stays so. @throws Error that says what to do.
 */
async function asLeft(old: ProvenShelves, options: StoresOptions): Promise<void> {
  const { settings, records } = unsealed(old, options)
  if (isKeptByOthers(options.url)) {
    const witnesses = witnessesOf(settings, options)
    await requireAsLeft({ records, witnesses, url: shownUrl(options.url), begun: old.begun })
  }
  if (old.accepted > (await acceptedIn(settings))) await writeAccepted(settings, old.accepted)
}

/** The old store is served no more once it was moved: what went where it ends with this process would be lost. */
function refuseFleeting(url: string): void {
  const { backend } = located(url)
  if (backend.durable.length === 0)
    throw new Error(`${backend.url} is gone with the process: nothing can be moved there`)
}

/** Where each shelf is. */
export function urlsOf({
  url,
  settingsUrl = url,
}: Pick<StoresOptions, 'url' | 'settingsUrl'>): Readonly<Record<ShelfName, string>> {
  return { settings: settingsUrl, records: url }
}
