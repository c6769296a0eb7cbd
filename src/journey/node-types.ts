import type { NodeType } from './journey.ts'
import { collectors } from './node/collect/index.ts'
import { decisions } from './node/decide/index.ts'
import { flow } from './node/flow/index.ts'
import { scripted } from './node/script/index.ts'
import { webAuthn } from './node/webauthn/index.ts'

const rows: readonly NodeType[] = [...collectors, ...decisions, ...flow, ...scripted, ...webAuthn]

/** Every kind of node there is, by the name that trees call it. */
export const nodeTypes: Readonly<Record<string, NodeType>> = Object.fromEntries(
  rows.map((row) => [row.type, row]),
)
