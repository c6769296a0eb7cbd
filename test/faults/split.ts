/** A store whose network is parted, while what is cut off takes writes, and something else takes over. */
import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from './faults.ts'
import { served } from './stage.ts'

/** Milliseconds for which it is parted: longer than any store needs to choose another. */
const apart = 8000

/** Cuts what takes the writes off, together with the first so many servers, and joins all again. */
export function split(servers: number): Fault {
  const others = servers === 0 ? 'all servers' : 'the other servers'
  return {
    about: `what takes the writes is cut off from ${others} and the rest of the store, and comes back when it was replaced`,
    needs: 'isolate',
    replaces: true,
    once: true,
    async run(stage, { isolate, waitsForAll }) {
      const { nodes, service } = stage
      const [lonely, rest] = [nodes.slice(0, servers), nodes.slice(servers)]
      const early = waitsForAll === true ? [] : rest
      await delay(randomInt(300))
      for (const { name } of lonely) stage.cutOff.add(name)
      const isolation = await isolate?.(servers, () => service.due('failover', early))
      await delay(apart)
      const late = nodes.filter((node) => !early.includes(node))
      const writes = await isolation?.rejoin(() => service.due('back', late))
      for (const { name } of lonely) stage.cutOff.delete(name)
      await served(stage)
      // Who begins now finds both, and has met neither.
      const fresh = rest.at(-1)
      await fresh?.kill()
      await fresh?.start()
      await delay(2000)
      stage.wrong.push(...((await writes?.()) ?? []))
    },
  }
}
