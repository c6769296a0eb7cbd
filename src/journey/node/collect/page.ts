import type { Json, JsonObject } from '../../../base/json.ts'
import { isObject, member } from '../../../base/json.ts'
import { reading } from '../../../protocol/setting.ts'
import type { Asked } from '../../callback/callback.ts'
import { processed } from '../../engine/looking.ts'
import type { FoundNode, NodeResult, Outcome, Turn } from '../../journey.ts'
import { NodeError, nodeType, passed } from '../../journey.ts'
import { localized, localText, nodeSetting } from '../../node-setting.ts'

/** A node on a page. */
interface Child {
  readonly id: string
  readonly type: string
}

const children = reading(
  'a list of nodes with `_id` and `nodeType`',
  { type: 'array', items: { type: 'object' } },
  (v): readonly Child[] | undefined => {
    if (!Array.isArray(v)) return undefined
    const read = (v as readonly Json[]).map((each) => {
      const [id, type] = isObject(each) ? [member(each, '_id'), member(each, 'nodeType')] : []
      return typeof id === 'string' && typeof type === 'string' ? { id, type } : undefined
    })
    return read.every((each) => each !== undefined) ? read : undefined
  },
)

const stage = reading('text', { type: 'string' }, (v) =>
  typeof v === 'string' ? v : isObject(v) ? JSON.stringify(v) : undefined,
)

/** What a page keeps for its next turn: how many callbacks each of its nodes asked, and what each kept for itself. */
interface Shares extends JsonObject {
  readonly counts: readonly number[]
  readonly kept: readonly Json[]
}

/**
 * Several nodes that ask at once (PingAM: Page node). Each is handed the answers to its own callbacks; where one is not
 * content the whole page is asked again. The outcome is that of the last node.
 */
export const pageNode = nodeType({
  type: 'PageNode',
  name: 'Page Node',
  tags: ['utilities'],
  settings: {
    nodes: nodeSetting('Nodes', children, [], 'The nodes of the page, in their order.'),
    pageHeader: nodeSetting('Page Header', localText, {}, 'Title of the page, by locale.'),
    pageDescription: nodeSetting('Page Description', localText, {}, 'Text below it, by locale.'),
    stage: nodeSetting('Stage', stage, '', 'What a client’s page is called.'),
  },

  async outcomes({ nodes }, inside): Promise<readonly Outcome[]> {
    const last = nodes.at(-1)
    // What a page cannot hold leads nowhere: two pages that name each other would be asked for ever.
    if (last === undefined || never.includes(last.type)) return []
    const found = await inside(last.type, last.id)
    return found === undefined ? [] : found.type.outcomes(found.values, inside)
  },

  async process(turn, { nodes, pageHeader, pageDescription, stage: named }) {
    const found = await Promise.all(nodes.map((child) => childOf(turn, child)))
    if (found.length === 0) throw new NodeError('a page without nodes')
    const { locales } = turn.visit
    const result = await passAll(turn, nodes, found)
    if (result.kind !== 'ask') return result
    const header = result.header ?? localized(pageHeader, locales)
    const description = result.description ?? localized(pageDescription, locales)
    const own = named === 'null' || named === '' ? undefined : named
    return { ...result, header, description, stage: result.stage ?? own, onPage: true }
  },
})

/** A page holds neither pages nor journeys (PingAM). */
const never = ['PageNode', 'InnerTreeEvaluatorNode']

async function childOf(turn: Turn, { type, id }: Child): Promise<FoundNode> {
  if (never.includes(type)) throw new NodeError(`a page cannot hold a ${type}`)
  const found = await turn.inside(type, id)
  if (found === undefined) throw new NodeError(`the page has no node ${id} of type ${type}`)
  return found
}

async function passAll(
  turn: Turn,
  nodes: readonly Child[],
  found: readonly FoundNode[],
): Promise<NodeResult> {
  const shares = sharesOf(turn)
  const asked: Asked[] = []
  const next = { counts: [] as number[], kept: [] as Json[] }
  let { state } = turn
  let last: NodeResult = passed('outcome', state)
  let waits: Extract<NodeResult, { kind: 'ask' }> | undefined
  for (const [i, child] of found.entries()) {
    const own = { ...turn, ...shares[i], id: nodes[i]?.id ?? '', state }
    last = await processed(own, child)
    if (last.kind === 'suspend' || last.kind === 'enter') return last
    state = last.state
    if (last.kind === 'ask') waits = { ...last, ...waits }
    const again = last.kind === 'ask' ? last.callbacks : answered(own)
    asked.push(...again)
    next.counts.push(again.length)
    next.kept.push(last.kind === 'ask' ? (last.keep ?? null) : (own.kept ?? null))
  }
  if (waits === undefined) return last
  return { ...waits, callbacks: asked, state, keep: next satisfies Shares }
}

type Share = Pick<Turn, 'asked' | 'answers' | 'kept'>

/** What of the page's turn is each node's. One that asked nothing is as if it had not had its turn. */
function sharesOf({ asked, answers, kept }: Turn): readonly Share[] {
  if (!isObject(kept)) return []
  const { counts, kept: own } = kept as Shares
  let from = 0
  return counts.map((count, i) => {
    const [start, end] = [from, from + count]
    from = end
    return {
      asked: asked.slice(start, end),
      answers: count === 0 ? undefined : answers?.slice(start, end),
      kept: own[i] ?? undefined,
    }
  })
}

/** What was answered well is shown again as it was answered, should the page come again; what is secret never is. */
function answered({ asked, answers = [] }: Share): readonly Asked[] {
  return asked.map((each, i) => {
    const { values = each.values } = answers[i] ?? {}
    return {
      ...each,
      values: each.values.map((before, at) =>
        isSecret(each, at) ? before : (values[at] ?? before),
      ),
    }
  })
}

/** Passwords, and answers to questions that prove somebody. */
function isSecret({ type }: Asked, input: number): boolean {
  return type.includes('Password') || (type === 'KbaCreateCallback' && input === 1)
}
