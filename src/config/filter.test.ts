import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fits, parseFilter } from './filter.ts'

const resource = {
  _id: 'ann',
  mail: ['Ann@Example.com', 'a@b.example'],
  name: { family: 'Lee "x"' },
  age: 42,
  active: true,
  nothing: null,
  empty: [],
}

const cases: readonly (readonly [filter: string, fits: boolean])[] = [
  ['true', true],
  ['false', false],
  ['_id eq "ann"', true],
  ["/_id eq 'ANN'", true],
  ['_id eq "bob"', false],
  ['mail eq "a@b.example"', true],
  ['mail sw "ann@"', true],
  ['mail co "example.COM"', true],
  ['name/family eq "Lee \\"x\\""', true],
  ['/name/family sw "lee"', true],
  ['name/given pr', false],
  ['mail pr', true],
  ['nothing pr or empty pr', false],
  ['age gt 41 and age le 42', true],
  ['age lt 42', false],
  ['age co "4"', false],
  ['active eq true', true],
  ['active eq false', false],
  ['!(active eq true)', false],
  ['! _id eq "bob"', true],
  // `and` binds closer than `or`.
  ['_id eq "ann" or _id eq "bob" and false', true],
  ['(_id eq "ann" or _id eq "bob") and false', false],
  ['constructor pr', false],
  ['__proto__ pr', false],
]

test('PingAM: rest-api-crest-query a filter says which resources it wants', () => {
  for (const [text, expected] of cases) {
    const filter = parseFilter(text)
    assert.ok(filter, text)
    assert.equal(fits(filter, resource), expected, text)
  }
})

const wrong = [
  '',
  '_id',
  '_id eq',
  '_id eq ann',
  '_id is "ann"',
  '_id eq "ann',
  '(true',
  'true)',
  'true true',
  'true and',
  'or true',
  '_id eq {"a":1}',
  '_id eq [1]',
  `${'('.repeat(30)}true${')'.repeat(30)}`,
  `${'!'.repeat(30)}true`,
  `_id eq "${'x'.repeat(5000)}"`,
]

test('PingAM: rest-api-crest-query what is no filter, too long or too deep is refused', () => {
  for (const text of wrong) assert.equal(parseFilter(text), undefined, text.slice(0, 40))
})
