/** At which endpoints a request is refused for which reason, found in the source from `handle` on. */
import type { ReasonName } from '../../src/protocol/reason/index.ts'
import { reasons } from '../../src/protocol/reason/index.ts'
import type { Declaration } from './reached.ts'
import { bare, declarations, declaredIn, handling, isEndpoint, reach, urlOf } from './reached.ts'

/** What stands around every endpoint. */
const around = ['answer', 'error-answer', 'route'].map((name) => `src/endpoint/serve/${name}.ts`)

/** Where protocol is spoken, by clients and by browsers that ask for them; and where a client asks what became of it. */
const rooms = /^src\/endpoint\/(?:oauth|authorize|history|lint)\//

/** Paths by reason, as the endpoints have them; `*`: whatever stands around each of them says so. */
export function endpointsOfReasons(): ReadonlyMap<ReasonName, readonly string[]> {
  const everywhere = new Set(around.flatMap(declaredIn))
  for (const each of [...everywhere]) reach(each, each.text, everywhere)
  const shared = namedIn(everywhere)
  const found = new Map([...shared].map((why) => [why, ['*']]))
  for (const endpoint of declarations().filter(isSpokenTo)) {
    const seen = new Set([endpoint])
    reach(endpoint, handling(endpoint), seen)
    for (const why of namedIn(seen))
      if (!shared.has(why)) found.set(why, [...(found.get(why) ?? []), urlOf(endpoint)])
  }
  return found
}

function isSpokenTo(declared: Declaration): boolean {
  return rooms.test(declared.path) && isEndpoint(declared)
}

const names = Object.keys(reasons) as readonly ReasonName[]

/** A row's name stands as it is, or its beginning before words that another table has. */
const named = /['`]([a-z]+(?:-[a-z0-9]+)+)['`]|`([a-z-]+-)\$\{/g

function namedIn(declared: ReadonlySet<Declaration>): ReadonlySet<ReasonName> {
  const texts = [...declared].map(({ text }) => bare(text))
  return new Set(
    texts.flatMap((text) =>
      [...text.matchAll(named)].flatMap(([, whole, beginning]) =>
        names.filter(
          (why) => why === whole || (beginning !== undefined && why.startsWith(beginning)),
        ),
      ),
    ),
  )
}
