import type { NodeType } from './journey.ts'
import { accounts } from './node/account/index.ts'
import { collectors } from './node/collect/index.ts'
import { decisions } from './node/decide/index.ts'
import { devices } from './node/device/index.ts'
import { flow } from './node/flow/index.ts'
import { mailNodes } from './node/mail/index.ts'
import { objects } from './node/object/index.ts'
import { profiles } from './node/profile/index.ts'
import { requests } from './node/request/index.ts'
import { results } from './node/result/index.ts'
import { scripted } from './node/script/index.ts'
import { secondFactors } from './node/second-factor/index.ts'
import { sessions } from './node/session/index.ts'
import { webAuthn } from './node/webauthn/index.ts'

const rows: readonly NodeType[] = [
  ...accounts,
  ...collectors,
  ...decisions,
  ...devices,
  ...flow,
  ...mailNodes,
  ...objects,
  ...profiles,
  ...requests,
  ...results,
  ...scripted(kindOf),
  ...secondFactors,
  ...sessions,
  ...webAuthn,
]

/** Every kind of node there is, by the name that trees call it. */
export const nodeTypes: Readonly<Record<string, NodeType>> = Object.fromEntries(
  rows.map((row) => [row.type, row]),
)

function kindOf(type: string): NodeType | undefined {
  return Object.hasOwn(nodeTypes, type) ? nodeTypes[type] : undefined
}
