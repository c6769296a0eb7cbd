import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublicAddress } from './address.ts'

const notPublic = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:0:127.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  '2001:db8::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  '2606:4700::1111%1',
  'ff02::1',
  'fec0::1',
  '4000::1',
  // Not addresses at all: forms that only some resolvers take for one.
  '',
  'localhost',
  '0x7f000001',
  '2130706433',
  '0177.0.0.1',
  '127.1',
  '[::1]',
]
for (const address of notPublic) {
  test(`S-1 ${address || 'nothing'} is not public`, () =>
    assert.equal(isPublicAddress(address), false))
}

for (const address of [
  '1.1.1.1',
  '9.255.255.255',
  '172.32.0.1',
  '2606:4700::1111',
  '2a00:1450::1',
]) {
  test(`S-1 ${address} is public`, () => assert.equal(isPublicAddress(address), true))
}
