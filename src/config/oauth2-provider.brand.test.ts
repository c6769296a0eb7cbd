import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../test/world.ts'
import { anyState } from './kind.ts'
import { oauth2ProviderKind } from './oauth2-provider.ts'

const realm = await (await world()).realm()

/** What is said of these settings; undefined where they are taken. */
async function refusal(parapetConfig: Readonly<Record<string, string | readonly string[]>>) {
  const change = { by: 'test', condition: anyState }
  const saved = await oauth2ProviderKind.save(realm, '', { parapetConfig }, change)
  if (saved.outcome === 'updated') return undefined
  assert.equal(saved.outcome, 'invalid')
  return JSON.stringify(saved)
}

test('WCAG 2.2 §1.4.3 an accent that cannot be read is not saved, and the problem names the ratio', async () => {
  const rows: [name: string, colour: string, ratio: string | undefined][] = [
    ['brandAccent', '#767676', undefined],
    ['brandAccent', '#777777', '4.47:1'],
    ['brandAccent', '#FFEE00', '1.2:1'],
    ['brandAccent', '', undefined],
    ['brandAccentDark', '#ffee00', undefined],
    ['brandAccentDark', '#8DB5FF', undefined],
    ['brandAccentDark', '#1f4f9c', '2.11:1'],
  ]
  for (const [name, colour, ratio] of rows) {
    const said = await refusal({ [name]: colour })
    if (ratio === undefined) assert.equal(said, undefined, colour)
    else assert.match(String(said), new RegExp(`${name}.*at least 4\\.5:1.*${ratio}`), colour)
  }
})

test('H-10 a brand has colours, pictures and links, and nothing that runs or reads', async () => {
  const good = [
    { brandAccent: '#1F4f9c' },
    { brandLogo: 'https://www.example.com/logo.svg' },
    { brandLogo: 'data:image/png;base64,iVBORw0KGgo=' },
    { brandName: ['Example', 'de|Beispiel'] },
    { brandHelp: ['https://www.example.com/help', 'de-AT|https://www.example.com/hilfe'] },
  ]
  for (const settings of good) assert.equal(await refusal(settings), undefined)
  const bad = [
    { brandAccent: 'red' },
    { brandAccent: '#fff' },
    { brandAccentDark: '#8db5ff;}*{background:url(https://evil.example)' },
    { brandLogo: 'javascript:alert(1)' },
    { brandLogo: 'http://www.example.com/logo.svg' },
    { brandLogo: 'https://user:secret@www.example.com/logo.svg' },
    { brandLogo: 'data:text/html;base64,PHNjcmlwdD4=' },
    { brandLogo: 'data:image/svg+xml,<svg/>' },
    { brandLogo: `data:image/png;base64,${'A'.repeat(45_000)}` },
    { brandName: ['two\nlines'] },
    { brandPrivacy: ['https://www.example.com', 'de|javascript:alert(1)'] },
    { brandHelp: ['help'] },
  ]
  for (const settings of bad)
    assert.match(String(await refusal(settings)), new RegExp(Object.keys(settings)[0] as string))
})
