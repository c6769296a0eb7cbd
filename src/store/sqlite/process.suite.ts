/*
 * Another process on a store's file, for the tests: `<file> <writer> <command>`. Answers line by
 * line, each written before anything else happens, so that a killed process has said what it knew.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import { keyTime, never, type Store, StoreUnavailable } from '../store.ts'
import { sqliteStore } from './sqlite.ts'

const value = Buffer.from('value')
const other = Buffer.alloc(300, 'other')

/** At once and whole: a pipe that is full for the moment is written to again. */
const say = (line: string): void => {
  const bytes = Buffer.from(`${line}\n`)
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

async function eachLine(answer: (words: string[]) => Promise<string> | string): Promise<void> {
  for await (const line of createInterface(process.stdin)) say(await answer(line.split(' ')))
}

/** What 32 writes at once were answered, for each verb of a line `verb key version`. */
const attempts: Record<string, (store: Store, key: string, version: number) => Promise<unknown>> = {
  insert: (store, key) => store.insert(key, value, never),
  replace: (store, key, version) => store.replace(key, version, other, never),
  delete: async (store, key) => ((await store.delete(key)) ? 'won' : 'lost'),
  mark: (store, key) =>
    store.insert(`${key}/${random(8).toString('hex')}`, value, never, { key, expiry: never }),
}

const commands: Record<string, (file: string, open: () => Store) => Promise<void>> = {
  async race(_, open) {
    const store = open()
    say('ready')
    await eachLine(async ([verb = '', key = '', version]) => {
      const attempt = attempts[verb]
      if (attempt === undefined) throw new Error(verb)
      const all = Array.from({ length: 32 }, () => attempt(store, key, Number(version)))
      const won = (await Promise.all(all)).filter((it) => it === 'won')
      return String(won.length)
    })
    await store.close()
  },

  /** Opens each file it is told, and holds it. */
  async open() {
    say('ready')
    await eachLine(async ([path = '']) => {
      await sqliteStore({ file: path, now, random, writer: 'here' }).get('k')
      return 'opened'
    })
  },

  /** Writes on and on; says each key whose last value, `other`, was acknowledged. */
  async load(_, open) {
    const store = open()
    const writer = async (): Promise<void> => {
      for (;;) {
        const key = `${keyTime(now())}${random(10).toString('hex')}`
        await store.insert(key, value, never, { key: `${key}/mark`, expiry: never })
        const stored = await store.get(key)
        await store.replace(key, stored?.version ?? 0, other, never)
        say(key)
      }
    }
    await Promise.all(Array.from({ length: 16 }, writer))
  },

  /** Writes groups of 20 until one fails; says what became of each write, and lives on. */
  async fill(_, open) {
    const store = open()
    const outcomes: string[] = []
    for (let group = 0; !outcomes.includes('unavailable'); group += 1) {
      await Promise.all(
        Array.from({ length: 20 }, async (__, i) => {
          const outcome = await store
            .insert(`${group}/${i}`, Buffer.alloc(2000), never)
            .catch((error) => (error instanceof StoreUnavailable ? 'unavailable' : String(error)))
          outcomes.push(outcome)
          say(`${group}/${i} ${outcome}`)
        }),
      )
    }
    say(`read ${(await store.get('0/0'))?.value.length}`)
    await eachLine(([line = '']) => line)
  },

  /** Says whether the file could be locked as if nobody else had it open. */
  async lock(file) {
    const db = new DatabaseSync(file, { timeout: 0 })
    try {
      db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT')
      say('alone')
    } catch {
      say('not alone')
    }
    db.close()
  },

  /** Holds the file's write lock from one line to the next. */
  async hold(file) {
    const db = new DatabaseSync(file)
    say('ready')
    await eachLine(([line = '']) => {
      db.exec(line === 'hold' ? 'BEGIN IMMEDIATE' : 'COMMIT')
      return line === 'hold' ? 'held' : 'free'
    })
  },
}

const [file = '', writer, command = ''] = process.argv.slice(2)
await commands[command]?.(file, () =>
  sqliteStore({ file, now, random, writer: writer === 'thread' ? 'thread' : 'here' }),
)
