import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person } from '../../../test/flow.ts'
import { byId } from '../../../test/html-tree.ts'
import { letterBox } from '../../../test/letters.ts'
import { world } from '../../../test/world.ts'

/** Where the page of an account leads to another mail address, and what is asked there first. */
async function changing(journeys: readonly string[], mail = letterBox().mail) {
  const w = await world({ mail, alpha: { parapetConfig: { journeys } } })
  const b = await person(w)
  const page = String((await b.get('/am/XUI/account?realm=%2Falpha')).body)
  const href = byId(page, 'change_email')?.attributes.get('href')
  return href && String((await b.get(href)).body)
}

test('the page of an account leads to another mail address, where the realm has a way for that and letters can be sent', async () => {
  assert.match((await changing(['Login', 'UpdateEmail'])) ?? '', /Your new email address/)
  assert.equal(await changing(['Login']), undefined)
  assert.equal(
    await changing(['Login', 'UpdateEmail'], { ...letterBox().mail, ready: false }),
    undefined,
  )
})
