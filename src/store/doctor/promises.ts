import { reasonOf } from '../../base/log.ts'
import type { Durability, Shelves } from '../backend.ts'
import type { Finding } from './finding.ts'

const outlived: Readonly<Record<Durability, string>> = {
  disk: 'what is answered outlives a loss of power, by the settings of the store (disk)',
  replica:
    'what is answered outlives the loss of its machine, by the settings of the store (replica)',
}

/**
 * Opens a store as a server does that asks for a durability: one that is not set so refuses. `asked` is what the
 * servers of this configuration ask for.
 */
export async function promises(
  asked: Durability | undefined,
  opened: (options: { readonly durability: Durability }) => Promise<Shelves>,
): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const durability of ['disk', 'replica'] as const) {
    const what = outlived[durability]
    try {
      await closed(await opened({ durability }))
      const detail = `a server with PARAPET_DURABILITY=${durability} is served by it`
      found.push({ what, outcome: 'seen', detail })
    } catch (error) {
      const outcome = asked === durability ? 'refuted' : 'unproved'
      found.push({ what, outcome, detail: reasonOf(error) })
    }
  }
  return found
}

/** What only somebody can show who pulls a plug. */
export const beyond: readonly Finding[] = [
  {
    ...{ what: 'loss of power', outcome: 'unproved' },
    detail: 'that disks keep what they say they have written shows only pulling the plug',
  },
  {
    ...{ what: 'failover', outcome: 'unproved' },
    detail:
      'what is lost and how long it takes shows only one that is made, with servers under load',
  },
]

/** Closes both. */
export async function closed({ settings, records }: Shelves): Promise<void> {
  await Promise.all([settings.close(), records.close()])
}
