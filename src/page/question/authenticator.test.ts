import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elements } from '../../../test/html-tree.ts'
import { htmlText } from '../../base/html.ts'
import type { Callback } from '../../journey/callback/callback.ts'
import { en } from '../messages/en.ts'
import { callbackFields } from './fields.ts'

function fields(...callbacks: readonly Callback[]): string {
  return htmlText(callbackFields(en, callbacks, false).fields)
}

function hidden(id: string, value: string): Callback {
  const output = [
    { name: 'value', value },
    { name: 'id', value: id },
  ]
  return { type: 'HiddenValueCallback', output, input: [{ name: 'IDToken1', value: id }] }
}

test('an authenticator that is registered is shown as a picture, and as a key to type', () => {
  const address = 'otpauth://totp/A:demo?secret=ABCDEFGH234567&issuer=A'
  const page = fields(hidden('mfaDeviceRegistration', address))
  assert.match(page, /<code id="secret">ABCD EFGH 2345 67<\/code>/)
  const [picture] = elements(page, 'svg')
  assert.equal(picture?.attributes.get('aria-label'), 'QR code for your authenticator app')
  const other = fields(hidden('jwt', address))
  assert.equal(/<svg|<code/.test(other), false)
})

test('recovery codes are shown, and of other scripts nothing is', () => {
  const script = (message: string): Callback => ({
    type: 'TextOutputCallback',
    output: [
      { name: 'message', value: message },
      { name: 'messageType', value: '4' },
    ],
  })
  const text = '"<h3>Your Recovery Codes</h3>\\n" +\n   "iZmEtxvQ00\\n" +\n   "Eqw3GFVamY\\n" +\n'
  const page = fields(script(text))
  assert.deepEqual(page.match(/(?<=<code>)\w+/g), ['iZmEtxvQ00', 'Eqw3GFVamY'])
  assert.equal(/code/.test(fields(script('var x = "iZmEtxvQ00\\n"'))), false)
})
