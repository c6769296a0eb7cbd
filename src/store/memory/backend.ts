import { createSecretKey } from 'node:crypto'
import type { Backend } from '../backend.ts'
import { givenKeys } from '../key.ts'
import { memoryStore } from './memory.ts'

/** Everything in the process. */
export const memory: Backend = {
  scheme: 'memory',
  url: 'memory:',
  about: 'in the process, gone with it: for tests and measurements',
  durable: [],
  shared: false,
  check(rest) {
    if (rest !== '') throw new Error('memory: has nothing behind it')
  },
  isThere: () => false,
  open: (_, { keyText, now, sweepable, random }) => ({
    settings: memoryStore(now, sweepable),
    records: memoryStore(now, sweepable),
    accepted: 0,
    keys: () =>
      keyText === undefined
        ? [{ version: 1, key: createSecretKey(random(32)) }]
        : givenKeys(keyText),
  }),
}
