import { test } from 'node:test'
import { account, detailsWorld, payment } from '../../../test/details.ts'
import { refusedWith, tokenRequest } from '../../../test/flow.ts'
import { push, pushForm } from '../../../test/world.ts'

const w = await detailsWorld()
const one = (text: string): string => `[${text}]`
const code = 'invalid_authorization_details'
const none = 'The authorization_details are no JSON array of objects with a type'
const refusals: readonly (readonly [what: string, text: string, says: string])[] = [
  ['no JSON', '{', none],
  ['an object', '{"type":"payment"}', none],
  ['an empty array', '[]', none],
  ['a member twice', '[{"type":"payment","type":"payment"}]', none],
  ['no type', '[{"creditor":"x"}]', none],
  [
    'a number of too many digits',
    '[{"type":"payment","amount":0.12345678901234567}]',
    'The authorization_details hold a number that is not the same for every reader',
  ],
  ['too many', `[${Array(33).fill(payment).join()}]`, 'The authorization_details are too large'],
  [
    'signs of more bytes than are held',
    one(payment.replace('"creditor"', `"remark":"${'€'.repeat(11_000)}","creditor"`)),
    'The authorization_details are too large',
  ],
  ['an unknown type', '[{"type":"other"}]', 'authorization_details[0] is of an unknown type'],
  [
    'a name of every object as type',
    '[{"type":"__proto__"}]',
    'authorization_details[0] is of an unknown type',
  ],
  [
    'a type of other clients',
    '[{"type":"secret"}]',
    'authorization_details[0] is of a type that the client is not registered for',
  ],
  [
    'an unknown field',
    one(payment.replace('"creditor"', '"debtor":"x","creditor"')),
    'authorization_details[0].debtor is not what its type wants (false)',
  ],
  [
    'a field of another type, of the second',
    `[${account},${payment.replace('1.50', '"1.50"')}]`,
    'authorization_details[1].amount.value is not what its type wants (type)',
  ],
  [
    'an invalid value',
    one(payment.replace('1.50', '0')),
    'authorization_details[0].amount.value is not what its type wants (exclusiveMinimum)',
  ],
  [
    'a value without its pattern',
    one(payment.replace('EUR', 'eur')),
    'authorization_details[0].amount.currency is not what its type wants (format)',
  ],
  [
    'a field that is missing',
    one(payment.replace('"creditor"', '"remark"')),
    'authorization_details[0] is not what its type wants (required)',
  ],
  [
    'a name that is no text for an answer',
    one(payment.replace('"creditor"', '"<script>":1,"creditor"')),
    'authorization_details[0][...] is not what its type wants (false)',
  ],
]
for (const [what, authorization_details, says] of refusals) {
  test(`RFC 9396 §5 refused at /par and for a client itself: ${what}`, async () => {
    refusedWith(await push(w, pushForm({ authorization_details })), code, says)
    const form = { grant_type: 'client_credentials', authorization_details }
    refusedWith(await tokenRequest(w, form), code, says)
  })
}
