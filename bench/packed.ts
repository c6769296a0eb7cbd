/**
 * Reading and writing a record's stored form, here and in the tree of another commit, in turns:
 * `git worktree add ../before <commit>` and `node bench/packed.ts ../before/src/grant/<its codec>`.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { decode, encode } from '../src/grant/codec.ts'
import type { AuthorizationRecord } from '../src/grant/record.ts'

interface Codec {
  readonly encode: (record: AuthorizationRecord) => Buffer
  readonly decode: (value: Buffer) => AuthorizationRecord
}

const rounds = 40
const times = 10_000

const kept = `["https://as.example/am/oauth2",[3,2],"https://rp.example/cb",1785000000`
/** As they are stored: what a push writes, and what comes of it. */
const stored = {
  pushed: `[2,"pushed","one",${kept.slice(1)},["code",true,"query",["openid","profile"],"af0ifjsldkj","n-0S6_WzA2Mj","E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM","S256",null],null,null,"aB-9"]`,
  redeemed: `[2,"redeemed","one",${kept.slice(1)},null,["54ff98b0-91be-4888-ac8b-24410ce81e53","demo","authorization_code","c2lk",1785000000,["openid","profile"],[[1,1785000000,1785003600]],1,[1785000060,0,true,"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM","S256"],[1,1785600000,0],{"acr":"0","nonce":"n-0S6_WzA2Mj"},3],null,"aB-9"]`,
}

/** Nanoseconds of processor time for one, the least of all rounds: what else runs only adds to it. */
function nanoseconds(work: () => unknown): number {
  const began = process.cpuUsage()
  for (let i = 0; i < times; i++) work()
  const { user, system } = process.cpuUsage(began)
  return ((user + system) * 1000) / times
}

const [, , path = ''] = process.argv
const other = (await import(pathToFileURL(resolve(path)).href)) as Codec
const codecs: Readonly<Record<string, Codec>> = { here: { encode, decode }, there: other }
const measured = new Map<string, number[]>()

for (let round = 0; round < rounds; round++) {
  for (const [state, text] of Object.entries(stored)) {
    const value = Buffer.from(text)
    for (const [where, codec] of Object.entries(codecs)) {
      const record = codec.decode(value)
      for (const [verb, work] of [
        ['encode', () => codec.encode(record)],
        ['decode', () => codec.decode(value)],
      ] as const) {
        const key = `${verb} ${state} ${where}`
        measured.set(key, [...(measured.get(key) ?? []), nanoseconds(work)])
      }
    }
  }
}

for (const [key, all] of [...measured].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const sorted = all.sort((a, b) => a - b)
  const median = sorted[sorted.length >> 1] as number
  console.log(`${key.padEnd(24)} least ${sorted[0]?.toFixed(0)} ns, median ${median.toFixed(0)} ns`)
}
