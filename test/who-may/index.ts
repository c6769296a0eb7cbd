/** Who may ask what of a realm's administration: a row for every URL, method and action there is. */
import type { JsonObject } from '../../src/base/json.ts'
import type { Realm } from '../../src/realm/realm.ts'
import type { EndUser } from '../../src/user/end-user.ts'
import { agentRows, clientRows, keptRows, keyRows, serviceRows } from './configuration.ts'
import { detailsRows } from './details.ts'
import { groupRows } from './groups.ts'
import { historyRows } from './history.ts'
import { journeyRows } from './journeys.ts'
import { realmRows } from './realms.ts'
import { remoteConsentRows } from './remote-consent.ts'
import { resourceRows } from './resources.ts'
import { idmRows, serviceAccountRows } from './service-accounts.ts'
import { sessionRows } from './sessions.ts'
import type { Statuses } from './statuses.ts'
import { managedRows, userRows } from './users.ts'

/** Who asks, in the order of the statuses: of the realm `/alpha/team`, its neighbours, and the root. */
export const people = [
  { who: 'nobody', home: undefined, roles: [] },
  { who: 'the account it is about', home: '/alpha/team', roles: [] },
  { who: 'another account of the realm', home: '/alpha/team', roles: ['helpdesk'] },
  { who: 'the realm’s administrator', home: '/alpha/team', roles: ['admin'] },
  { who: 'the administrator of a realm beside it', home: '/alpha/other', roles: ['admin'] },
  { who: 'the administrator of a realm below it', home: '/alpha/team/below', roles: ['admin'] },
  { who: 'the administrator of the realm above it', home: '/alpha', roles: ['admin'] },
  { who: 'the root’s administrator', home: '/', roles: ['admin'] },
] as const

/** What is asked about. */
export interface Asked {
  readonly realm: Realm
  /** The account of `people[1]`. */
  readonly owner: EndUser
  readonly root: Realm
}

export interface Row {
  readonly method: string
  /** As the list of endpoints has it. */
  readonly path: string
  /** What follows the path, or replaces its `*`. */
  readonly rest?: string | ((asked: Asked) => string)
  readonly body?: JsonObject | readonly JsonObject[]
  /** Asked at the root's URL, not the realm's. */
  readonly atRoot?: true
  /** Asked where PingIDM has it, of the realm above, since realms below others have no place there. */
  readonly managed?: true
  /** Makes what is asked for, as often as somebody has taken it away. */
  readonly before?: (asked: Asked) => Promise<unknown>
  readonly statuses: Statuses
  /** Asked by one's own session, which nobody has who comes by a token. */
  readonly bySession?: true
}

export const rows: readonly Row[] = [
  ...clientRows,
  ...agentRows,
  ...remoteConsentRows,
  ...serviceRows,
  ...keyRows,
  ...detailsRows,
  ...historyRows,
  ...keptRows,
  ...realmRows,
  ...userRows,
  ...managedRows,
  ...sessionRows,
  ...groupRows,
  ...resourceRows,
  ...serviceAccountRows,
  ...idmRows,
  ...journeyRows,
]

/** What everybody may ask of AM's JSON, each answering about whoever asks or about nobody. */
export const open: readonly string[] = ['POST /authenticate', 'POST /sessions', 'GET /serverinfo/*']
