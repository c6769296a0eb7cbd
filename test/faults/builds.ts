/** The server as it is, and builds of it that are broken on purpose: the checker has to see each of these. */
import type { Store, Stored } from '../../src/store/store.ts'
import type { Edit } from './patched.ts'

export interface Build {
  /** What is broken, in a few words. */
  readonly about: string
  readonly edits: readonly Edit[]
  /** Puts something between the server and its records. */
  readonly records: (store: Store, later: Later) => Store
}

/** Calls something after so many milliseconds. */
type Later = (ms: number, act: () => void) => void

const asItIs = (store: Store): Store => store

const aDay = 86_400

export const builds = {
  good: { about: 'nothing', edits: [], records: asItIs },
  'read-then-write': {
    about: 'what is used once is looked at, and then written whatever has happened since',
    edits: [],
    records: readThenWrite,
  },
  'early-answer': {
    about: 'a write is acknowledged before it is committed',
    edits: [],
    records: early,
  },
  'flat-keys': {
    about: 'ids that are used once share one space, whatever their kind, client and realm',
    edits: [
      {
        file: 'src/client/single-use.ts',
        from: 'const key = singleUseKey([realm.path, ...what], until)',
        to: 'const key = singleUseKey(what.slice(-1), until)',
      },
    ],
    records: asItIs,
  },
  'blind-redemption': {
    about: 'a code is redeemed over whatever stands there, not over what was read',
    edits: [
      {
        file: 'src/grant/transition/redeem.ts',
        from: "return moveOn(realm, found, 'redeemed',",
        to: `const there = await realm.records.get(found.key.toString('hex'))
  return moveOn(realm, { ...found, version: there?.version ?? 0 }, 'redeemed',`,
      },
    ],
    records: asItIs,
  },
  'past-end': {
    about: 'what has ended is honoured for a day longer',
    edits: [
      {
        file: 'src/endpoint/authorize/reference.ts',
        from: 'const late = now >= record.redeem_by',
        to: `const late = now >= record.redeem_by + ${aDay}`,
      },
      {
        file: 'src/token/code.ts',
        from: 'if (realm.now() >= code.by)',
        to: `if (realm.now() >= code.by + ${aDay})`,
      },
      {
        file: 'src/token/refresh-token.ts',
        from: 'realm.now() >= before.by)',
        to: `realm.now() >= before.by + ${aDay})`,
      },
      {
        file: 'src/jose/jwt.ts',
        from: 'exp + skew <= now',
        to: `exp + skew + ${aDay} <= now`,
      },
      {
        file: 'src/binding/dpop/check.ts',
        from: 'if (until <= now || ended)',
        to: `if (until + ${aDay} <= now || ended)`,
      },
      {
        file: 'src/journey/auth-id.ts',
        from: 'if (realm.now() >= exp)',
        to: `if (realm.now() >= exp + ${aDay})`,
      },
      {
        file: 'src/journey/engine/progress.ts',
        from: 'realm.now() >= initial.until)',
        to: `realm.now() >= initial.until + ${aDay})`,
      },
    ],
    records: (store) => ({
      ...store,
      insert: (key, value, expiry, ...more) => store.insert(key, value, expiry + aDay, ...more),
      replace: (key, version, value, expiry, ...more) =>
        store.replace(key, version, value, expiry + aDay, ...more),
    }),
  },
} as const satisfies Readonly<Record<string, Build>>

export type BuildName = keyof typeof builds

/** Every check-and-act in two steps. */
function readThenWrite(store: Store, later: Later): Store {
  const pause = (): Promise<void> => new Promise((resolve) => later(2, resolve))
  const overwrite = async (key: string, value: Buffer, expiry: number): Promise<void> => {
    for (;;) {
      const there = await store.get(key)
      const outcome =
        there === undefined
          ? await store.insert(key, value, expiry)
          : await store.replace(key, there.version, value, expiry)
      if (outcome === 'won') return
    }
  }
  const write = async (
    key: string,
    isWinner: (there: Stored | undefined) => boolean,
    ...[value, expiry, mark]: [Buffer, number, { key: string; expiry: number } | undefined]
  ): Promise<'won' | 'lost' | 'spent'> => {
    const [there, marked] = [await store.get(key), mark && (await store.get(mark.key))]
    await pause()
    if (marked !== undefined) return 'spent'
    if (mark !== undefined) await overwrite(mark.key, Buffer.alloc(0), mark.expiry)
    if (!isWinner(there)) return 'lost'
    await overwrite(key, value, expiry)
    return 'won'
  }
  return {
    ...store,
    insert: (key, value, expiry, mark) =>
      write(key, (there) => there === undefined, value, expiry, mark),
    replace: (key, version, value, expiry, mark) =>
      write(key, (there) => there?.version === version, value, expiry, mark),
  }
}

/** Writes go to memory and are told of at once; the store has them a while later, if the process still is there. */
function early(store: Store, later: Later): Store {
  const written = new Map<string, Stored & { readonly expiry: number }>()
  let version = 2 ** 50
  const put = (key: string, value: Buffer, expiry: number): 'won' => {
    version += 1
    written.set(key, { value, version, expiry })
    later(1000, () => void overwrite(store, key, value, expiry).catch(() => undefined))
    return 'won'
  }
  const read = async (key: string): Promise<Stored | undefined> =>
    written.get(key) ?? (await store.get(key))
  return {
    ...store,
    get: read,
    async insert(key, value, expiry, mark) {
      const marked = mark && (await read(mark.key))
      const there = await read(key)
      if (marked !== undefined) return 'spent'
      if (mark !== undefined) put(mark.key, Buffer.alloc(0), mark.expiry)
      return there === undefined ? put(key, value, expiry) : 'lost'
    },
    async replace(key, from, value, expiry, mark) {
      const marked = mark && (await read(mark.key))
      const there = await read(key)
      if (marked !== undefined) return 'spent'
      if (mark !== undefined) put(mark.key, Buffer.alloc(0), mark.expiry)
      return there?.version === from ? put(key, value, expiry) : 'lost'
    },
  }
}

async function overwrite(store: Store, key: string, value: Buffer, expiry: number): Promise<void> {
  const there = await store.get(key)
  if (there === undefined) await store.insert(key, value, expiry)
  else await store.replace(key, there.version, value, expiry)
}
