import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../../test/people.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import { parseForm } from '../../../base/form.ts'
import { failure, success } from '../../../journey/built-in/journey.ts'
import { readAdvices } from './advice.ts'
import { askedJourney, indexIn, indexOfPage } from './asked.ts'

const check = (id: string) => ({
  [id]: { type: 'DataStoreDecisionNode', to: { true: success, false: failure } },
})
const alpha = await withTrees((await people()).alpha, {
  Strong: tree(check('a')),
  Inner: tree(check('b'), { innerTreeOnly: true }),
  Once: tree(check('c'), { transactionalOnly: true }),
  Off: tree(check('d'), { enabled: false }),
})

const notFound = 'No Configuration found'
const unknown = 'Unknown Authentication Index Type'

const pair = (name: string, ...values: readonly string[]): string =>
  `<AttributeValuePair><Attribute name="${name}"/>${values.map((each) => `<Value>${each}</Value>`).join('')}</AttributeValuePair>`
const xml = (...pairs: readonly string[]): string => `<Advices>${pairs.join('')}</Advices>`
const [service, level, realm] = ['AuthenticateToService', 'AuthLevel', 'AuthenticateToRealm'].map(
  (name) => `${name}ConditionAdvice`,
) as [string, string, string]

type Row = readonly [title: string, read: unknown, xml: string]

const advices: readonly Row[] = [
  ['one', [['A', ['x']]], xml(pair('A', 'x'))],
  [
    'several',
    [
      ['A', ['x', 'y']],
      ['B', ['z']],
    ],
    xml(pair('A', 'x', 'y'), pair('B', 'z')),
  ],
  ['with white space', [['A', ['x']]], `\n ${xml(pair('A', ' x ')).replaceAll('><', '>\n\t<')} `],
  ['with XML’s own entities', [['A', ['<&>"\'']]], xml(pair('A', '&lt;&amp;&gt;&quot;&apos;'))],
  ['in the other quotes', [['A', ['x']]], xml(pair('A', 'x')).replaceAll('"', "'")],
  ['an empty text', undefined, ''],
  ['none', undefined, '<Advices></Advices>'],
  ['one without a value', undefined, xml(pair('A'))],
  ['a declaration', undefined, `<?xml version="1.0"?>${xml(pair('A', 'x'))}`],
  ['a document type', undefined, `<!DOCTYPE a [<!ENTITY b "c">]>${xml(pair('A', '&b;'))}`],
  ['an entity of its own', undefined, xml(pair('A', '&b;'))],
  ['a comment', undefined, xml(pair('A', 'x'), '<!-- -->')],
  ['something behind', undefined, `${xml(pair('A', 'x'))}x`],
  ['an element inside a value', undefined, xml(pair('A', '<b/>'))],
  ['an attribute more', undefined, xml(pair('A', 'x').replace('/>', ' b="c"/>'))],
  ['too much', undefined, xml(pair('A', 'x'.repeat(500)).repeat(5))],
]
for (const [title, read, text] of advices) {
  test(`PingAM: policy advice: ${title}`, () => assert.deepEqual(readAdvices(text), read))
}

test('policy advice: what looks like one for long and is none is seen quickly', () => {
  const began = process.cpuUsage()
  for (const text of [
    '<Advices>'.repeat(200),
    ' '.repeat(2048),
    pair('A', 'x'.repeat(500)).repeat(4),
  ])
    assert.equal(readAdvices(text), undefined)
  assert.ok(process.cpuUsage(began).user < 200_000)
})

const asked: readonly (readonly [query: string, told: string | readonly unknown[]])[] = [
  ['', ['Login', undefined, undefined, false]],
  ['authIndexType=service', ['Login', undefined, undefined, false]],
  ['authIndexValue=Strong', ['Strong', 'service', undefined, true]],
  ['authIndexType=SERVICE&authIndexValue=Strong', ['Strong', 'service', undefined, true]],
  ['authIndexType=service&authIndexValue=Inner', notFound],
  ['authIndexType=service&authIndexValue=Once', notFound],
  ['authIndexType=service&authIndexValue=Off', notFound],
  ['authIndexType=service&authIndexValue=__proto__', notFound],
  ['authIndexType=level&authIndexValue=5', ['Login', 'level', 5, false]],
  ['authIndexType=level&authIndexValue=x', notFound],
  [
    'authIndexType=resource&authIndexValue=https://a.example/',
    ['Login', 'resource', undefined, false],
  ],
  ['authIndexType=transaction&authIndexValue=bae1ab86', notFound],
  ['authIndexType=module&authIndexValue=DataStore', notFound],
  ['authIndexType=role&authIndexValue=x', notFound],
  ['authIndexType=user&authIndexValue=demo', notFound],
  ['authIndexType=chain&authIndexValue=x', unknown],
  ['authIndexType=__proto__&authIndexValue=x', unknown],
  ['authIndexType=chain', unknown],
]
for (const [query, told] of asked) {
  test(`PingAM: authn-rest ${query || 'nothing'} is asked`, () => {
    const form = parseForm(query, { parameters: 9, bytes: 999 }, new Set())
    assert.ok(form instanceof Map)
    const found = askedJourney(alpha, indexIn(form))
    if (typeof found === 'string') assert.equal(found, told)
    else assert.deepEqual([found.journey, found.index?.[0], found.targetLevel, found.named], told)
  })
}

const advised: readonly (readonly [xml: string, told: string | readonly unknown[]])[] = [
  [xml(pair(service, 'Strong')), ['Strong', undefined, true]],
  [xml(pair(service, '/alpha:Strong')), ['Strong', undefined, true]],
  [xml(pair(service, '/:Strong')), notFound],
  [xml(pair(service, 'Missing')), notFound],
  [xml(pair(service, 'Missing', 'Strong')), ['Strong', undefined, true]],
  [xml(pair(level, '10')), ['Login', 10, false]],
  [xml(pair(level, '/alpha:10')), ['Login', 10, false]],
  [xml(pair(service, 'Strong'), pair(level, '3')), ['Strong', 3, true]],
  [xml(pair(service, 'Strong'), pair(service, 'Password')), notFound],
  [xml(pair(realm, '/alpha')), ['Login', undefined, false]],
  [xml(pair(realm, 'alpha'), pair(service, 'Strong')), ['Strong', undefined, true]],
  [xml(pair(realm, '/beta')), notFound],
  [xml(pair('TransactionConditionAdvice', 'x')), notFound],
  [xml(pair('AuthSchemeConditionAdvice', 'x')), notFound],
  [xml(pair(service, 'Strong'), pair('TransactionConditionAdvice', 'x')), notFound],
  [xml(pair('toString', 'x')), notFound],
  ['Strong', notFound],
]
for (const [value, told] of advised) {
  test(`PingAM: composite_advice ${value.replaceAll(/<\/?(?:Advices|AttributeValuePair|Value)>/g, ' ')}`, () => {
    const found = askedJourney(alpha, ['composite_advice', value])
    if (typeof found === 'string') assert.equal(found, told)
    else assert.deepEqual([found.journey, found.targetLevel, found.named], told)
  })
}

const pages: readonly (readonly [query: string, index: readonly unknown[]])[] = [
  ['service=Strong', ['service', 'Strong']],
  ['module=DataStore', ['module', 'DataStore']],
  ['user=demo', ['user', 'demo']],
  ['authlevel=3', ['level', '3']],
  ['resource=true&resourceURL=https://a.example/', ['resource', 'https://a.example/']],
  ['authIndexType=level&authIndexValue=3', ['level', '3']],
  ['goto=x', [undefined, undefined]],
]
for (const [query, index] of pages) {
  test(`PingAM: the login page at ${query}`, () => {
    const form = parseForm(query, { parameters: 9, bytes: 999 }, new Set())
    assert.ok(form instanceof Map)
    assert.deepEqual(indexOfPage(form), index)
  })
}
