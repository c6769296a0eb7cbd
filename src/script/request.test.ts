import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../test/events.ts'
import { people } from '../../test/people.ts'
import { scripting } from '../../test/scripts.ts'
import type { JsonObject } from '../base/json.ts'
import { event, quietly } from '../base/log.ts'
import { newTrace, traced } from '../base/trace.ts'
import { execute } from './execute.ts'

const { alpha } = await people()
const given: JsonObject = {
  ...{ state: { shared: {}, secure: {}, transient: {} }, legacy: { shared: {}, transient: {} } },
  ...{ callbacks: [], headers: {}, parameters: {}, cookies: {}, session: null, resumed: false },
  ...{ locales: [], cookieName: 'x', journey: {} },
}
const script = {
  ...{ id: 'x', name: 'x', context: '', language: 'JAVASCRIPT' },
  source: 'logger.error("said"); require("asked"); action.goTo("true")',
}

test('script: what it says and asks is told of the request it runs for, not of the one that its thread was begun for', async () => {
  const realm = scripting(alpha, { threads: 1 })
  const run = () =>
    execute(
      realm,
      { ...script, version: '2.0' },
      {
        ...{ kind: 'decision', given },
        calls: {
          library() {
            event('answered')
            return ''
          },
        },
      },
    )
  const told = async (work: () => Promise<unknown>) => {
    const { events } = await withEvents(work)
    return events.map(({ name, trace }) => [name, trace?.id])
  }
  const of = (id: string) => () => traced(newTrace({ method: 'POST', peer: '192.0.2.1', id }), run)
  assert.deepEqual(await told(() => quietly(of('tried'))), [])
  for (const id of ['first', 'second'])
    assert.deepEqual(await told(of(id)), [
      ['script.log', id],
      ['answered', id],
    ])
  assert.deepEqual(await told(run), [
    ['script.log', undefined],
    ['answered', undefined],
  ])
})
