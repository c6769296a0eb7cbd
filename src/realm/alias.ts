import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import { singleFlight } from '../base/single-flight.ts'
import type { Store } from '../store/store.ts'
import type { StoredRealm } from './realms.ts'

/** Which realm each host name means that means one. */
type Aliases = ReadonlyMap<string, string>

/** Finds the realm that a host name means; what names there are is kept until any setting changes. */
export function aliasReads(
  settings: Pick<Store, 'changeCount'>,
  all: () => Promise<readonly StoredRealm[]>,
): (host: string) => Ready<string | undefined> {
  const oneWalk = singleFlight<Aliases>()
  let known: { readonly changeCount: number; readonly aliases: Aliases } | undefined
  const aliasesAt = (changeCount: number): Ready<Aliases> => {
    if (known?.changeCount === changeCount) return known.aliases
    return oneWalk('', changeCount, async () => {
      const aliases = aliasesOf(await all())
      // Who began later has seen more, and may have been faster.
      if (known === undefined || known.changeCount <= changeCount) known = { changeCount, aliases }
      return aliases
    })
  }
  return (host) =>
    whenReady(whenReady(settings.changeCount(), aliasesAt), (aliases) => aliases.get(host))
}

function aliasesOf(realms: readonly StoredRealm[]): Aliases {
  const aliases = new Map<string, string>()
  for (const { record } of realms) {
    for (const alias of record.aliases) aliases.set(alias.toLowerCase(), record.path)
  }
  return aliases
}
