import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepFor } from './keep-for.ts'

const forever = Number.POSITIVE_INFINITY

const said: readonly (readonly [cacheControl: string, seconds: number, age?: string])[] = [
  ['', forever],
  ['public', forever],
  ['no-store', 0],
  ['No-Store', 0],
  ['no-cache', 0],
  ['no-cache="set-cookie"', 0],
  ['no-cache, no-store, max-age=0, must-revalidate', 0],
  ['max-age=60', 60],
  ['MAX-AGE=60', 60],
  ['max-age="60"', 60],
  ['public, max-age=600, must-revalidate', 600],
  ['max-age=600,max-age=60', 60],
  ['max-age=600', 500, '100'],
  ['max-age=60', 0, '100'],
  ['max-age=60', 60, 'old'],
  ['max-age=', 0],
  ['max-age', 0],
  ['max-age=-1', 0],
  ['max-age=soon', 0],
  ['max-age=99999999999999', 99_999_999_999_999],
  ['s-maxage=5', forever],
  ['x-max-age=5', forever],
]
for (const [cacheControl, seconds, age] of said) {
  test(`RFC 9111 §5.2.2 "${cacheControl}" of age ${age ?? 'unknown'} may be kept ${seconds} s`, () => {
    const headers = cacheControl === '' ? {} : { 'cache-control': cacheControl }
    assert.equal(keepFor({ ...headers, ...(age === undefined ? {} : { age }) }), seconds)
  })
}
