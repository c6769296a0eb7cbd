/*
 * One of several processes that race the verbs of a store: its arguments are where the store is, and the key. Its parent
 * names a step and keys; it tries each key some times at once and answers how often it won, for each.
 */
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import { openStores } from '../../src/store/index.ts'
import { never } from '../../src/store/store.ts'

const [, , url = '', keyText] = process.argv
const { records: store, close } = await openStores({ url, keyText, now, random })
const versions = new Map<string, number>()
const value = Buffer.from('a value')

/** One try of a step at a key: whether it won. */
const steps: Readonly<Record<string, (key: string, own: string) => Promise<boolean>>> = {
  insert: async (key) => (await store.insert(key, value, never)) === 'won',
  async read(key) {
    versions.set(key, (await store.get(key))?.version ?? 0)
    return false
  },
  replace: async (key) =>
    (await store.replace(key, versions.get(key) ?? 0, value, never)) === 'won',
  mark: async (key, own) =>
    (await store.insert(`${key}/${own}`, value, never, { key: `${key}.mark`, expiry: never })) ===
    'won',
  delete: (key) => store.delete(key),
}

interface Asked {
  readonly step: string
  readonly keys: readonly string[]
  readonly tries: number
}

process.on('message', ({ step, keys, tries }: Asked) => {
  const attempt = steps[step]
  if (attempt === undefined) throw new Error(`no such step: ${step}`)
  const tried = keys.map(async (key) => {
    const all = Array.from({ length: tries }, (_, i) => attempt(key, `${process.pid}-${i}`))
    return (await Promise.all(all)).filter(Boolean).length
  })
  void Promise.all(tried).then((wins) => process.send?.(wins))
})
process.on('disconnect', () => void close())
process.send?.('ready')
