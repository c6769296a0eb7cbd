import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Place, placeOf } from './place.ts'

const plain: Place = {
  ...{ kind: 'server', tls: false, hosts: [{ host: 'a', port: 6379 }], db: 0 },
  ...{ username: undefined, password: undefined, name: '', prefix: 'parapet' },
}

test('house: the URLs of Redis', () => {
  const places: Readonly<Record<string, Partial<Place>>> = {
    '//a': {},
    'redis://a/': {},
    '//a:7000/2?prefix=b.c-d_E': { hosts: [{ host: 'a', port: 7000 }], db: 2, prefix: 'b.c-d_E' },
    '//:se%40cret@a': { password: 'se@cret' },
    '//ann:se:cret@a': { username: 'ann', password: 'se:cret' },
    '//[::1]:7000': { hosts: [{ host: '::1', port: 7000 }] },
    'rediss://a': { tls: true },
    'redis+sentinel://a,b:7000/my%20name/3': {
      ...{ kind: 'sentinel', name: 'my name', db: 3 },
      hosts: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 7000 },
      ],
    },
    'rediss+cluster://ann:secret@a,b:7000': {
      ...{ kind: 'cluster', tls: true, username: 'ann', password: 'secret' },
      hosts: [
        { host: 'a', port: 6379 },
        { host: 'b', port: 7000 },
      ],
    },
  }
  for (const [url, place] of Object.entries(places))
    assert.deepEqual(placeOf(url), { ...plain, ...place }, url)
})

test('house: a URL of Redis that is wrong is refused without being repeated', () => {
  for (const [url, reason] of [
    ['//ann:secret@', /needs \/\//],
    ['//ann:secret@a b', /a host is/],
    ['//ann:secret@a,b', /has one host/],
    ['//ann:secret@a:port', /a host is/],
    ['//ann:secret@a/name', /a database is a number/],
    ['//ann:secret%@a', /written as %XX/],
    ['//ann:secret@a?prefix=a{b}', /a prefix is/],
    ['//ann:secret@a?prefix=', /a prefix is/],
    ['//ann:secret@a?prefix=a:records', /a prefix is .* without a colon/],
    ['//ann:secret@a?prefix=a%3Ab', /a prefix is .* without a colon/],
    ['//ann:secret@a?tls=1', /only \?prefix=/],
    ['redis+cluster://ann:secret@a/1', /has no databases/],
    ['redis+sentinel://ann:secret@a', /needs the name/],
  ] as const)
    assert.throws(
      () => placeOf(url),
      ({ message }: Error) => reason.test(message) && !message.includes('secret'),
      url,
    )
})
