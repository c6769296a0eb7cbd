/** What is used after its end: made in bravo, where things live for a minute or so, and brought when clocks were set. */
import { withWorkers } from './aftermath.ts'
import { bring, newProof } from './carried.ts'
import { answerWalk, beginWalk } from './journey/walk.ts'
import { type Flow, open, pushPlain, pushWith, redeem, refreshing } from './load.ts'
import type { Node } from './node.ts'
import { newId, signs } from './parties.ts'
import type { Stage } from './stage.ts'
import { giveId, secondOf } from './things.ts'

const realm = '/bravo'

/** How far a flow is brought before its end. */
const stops = ['pushed', 'opened', 'redeemed'] as const

/** Makes so many of each, lets them end by what sets the clocks, and uses them then. */
export async function throughTheirEnd(
  stage: Stage,
  count: number,
  end: () => Promise<void>,
): Promise<void> {
  const seen = { flows: [], ids: [] }
  const ids = Array.from({ length: count }, () => newId(secondOf(stage)))
  for (const id of ids) giveId(stage, realm, id, true)
  const made = { realm, path: '/par', client_id: signs } as const
  const proofs = ids.map(() => newProof(stage, made))
  const ready: (readonly [Flow, (typeof stops)[number]])[] = []
  await withWorkers(
    stops.flatMap((stop) => Array.from({ length: count }, () => stop)),
    async (stop) => {
      const flow = await pushPlain(stage, seen, realm)
      if (flow === undefined) return
      if (stop !== 'pushed') await open(stage, flow)
      if (stop === 'redeemed' && flow.code !== undefined) await redeem(stage, flow)
      ready.push([flow, stop])
    },
  )
  const walks = await Promise.all(ids.map(() => beginWalk(stage)))
  await end()
  await withWorkers(walks, async (walk) => walk && answerWalk(stage, walk))
  await withWorkers(ids, (id) => pushWith(stage, seen, realm, id, true))
  const [node] = stage.nodes as readonly [Node]
  await withWorkers(proofs, (proof) => bring(stage, proof, node))
  await withWorkers(ready, async ([flow, stop]) => {
    if (stop === 'pushed') await open(stage, flow)
    else if (stop === 'opened' && flow.code !== undefined) await redeem(stage, flow)
    else if (flow.refresh_token !== undefined) await refreshing(stage, flow)()
  })
}
