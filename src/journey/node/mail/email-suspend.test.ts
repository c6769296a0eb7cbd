import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeys } from '../../../../test/journeys.ts'
import { letterBox, suspendedIdIn } from '../../../../test/letters.ts'
import { oneMore, people } from '../../../../test/people.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import type { JsonObject } from '../../../base/json.ts'
import type { Mail } from '../../../mail/mail.ts'
import { mailQueue } from '../../../mail/queue.ts'
import type { Realm } from '../../../realm/realm.ts'
import { changeEndUser } from '../../../user/end-user.ts'
import { failure, success } from '../../built-in/journey.ts'
import { mayWrite } from './letter.ts'

const world = await people()
const box = letterBox()
const { clock, demo } = world

const name = (to: string) => ({ type: 'UsernameCollectorNode', to: { outcome: to } })
const lookup = { emailTemplateName: 'resetPassword', objectLookup: true }

function suspending(settings: JsonObject, to = success) {
  return { type: 'EmailSuspendNode', settings, to: { outcome: to } }
}

const realm: Realm = await withTrees(
  { ...world.alpha, mail: box.mail },
  {
    Link: tree({ name: name('link'), link: suspending(lookup) }),
    Mailed: tree({
      mail: {
        type: 'AttributeCollectorNode',
        settings: { attributesToCollect: ['mail'] },
        to: { outcome: 'found' },
      },
      found: {
        type: 'IdentifyExistingUserNode',
        settings: { identityAttribute: 'mail' },
        to: { true: 'letter', false: 'letter' },
      },
      letter: suspending({ ...lookup, identityAttribute: 'mail' }),
    }),
    ByName: tree({
      name: name('known'),
      known: {
        type: 'IdentifyExistingUserNode',
        settings: { identityAttribute: 'userName' },
        to: { true: 'sent', false: 'sent' },
      },
      sent: suspending(lookup),
    }),
    Long: tree({ name: name('long'), long: suspending({ ...lookup, suspendDuration: 30 }) }),
    Twice: tree({
      name: name('once'),
      once: suspending(lookup, 'again'),
      again: suspending(lookup),
    }),
    Welcome: tree({
      name: name('welcome'),
      welcome: {
        type: 'EmailTemplateNode',
        settings: { emailTemplateName: 'welcome' },
        to: { EMAIL_SENT: success, EMAIL_NOT_SENT: failure },
      },
    }),
  },
)
const at = journeys(realm)
const as = (username: string) => ({ IDToken1: username })

test('PingAM: Email Suspend sends a link and waits; whoever comes with it goes on, once', async () => {
  const step = at.asked(await at.answer('Link', as('demo')))
  assert.equal(step.suspended, true)
  assert.deepEqual(step.callbacks, [
    {
      type: 'SuspendedTextOutputCallback',
      output: [
        {
          name: 'message',
          value:
            'An email has been sent to the address you entered. Click the link in that email to proceed.',
        },
        { name: 'messageType', value: '0' },
      ],
    },
  ])
  const [letter] = await box.fresh()
  assert.equal(letter?.to.address, 'demo@example.com')
  assert.match(letter?.text ?? '', /your account demo\./)
  const id = suspendedIdIn(/https?:\S+/.exec(letter?.text ?? '')?.[0] ?? '')
  assert.equal((await at.run(step.authId, {})).kind, 'over')
  const done = await at.resume(id)
  assert.deepEqual([done.kind, at.userOf(done)?.sub], ['success', demo.sub])
  assert.equal((await at.resume(id)).kind, 'over')
})

test('whoever is nobody, is inactive or has no address is answered the same, and nobody gets a letter', async () => {
  const known = at.asked(await at.answer('Link', as('demo')))
  assert.equal((await box.fresh()).length, 1)
  const unknown = at.asked(await at.answer('Link', as('nobody')))
  assert.deepEqual(unknown.callbacks, known.callbacks)
  assert.equal(unknown.suspended, true)
  assert.equal((await box.fresh()).length, 0)
})

test('of many who come with one link at once one goes on', async () => {
  await at.answer('Link', as('demo'))
  const id = suspendedIdIn(await box.link())
  const kinds = await Promise.all(Array.from({ length: 8 }, async () => (await at.resume(id)).kind))
  assert.deepEqual(kinds.toSorted(), [...Array.from({ length: 7 }, () => 'over'), 'success'])
})

test('a link serves as long as its node says, else as the realm does', async () => {
  for (const [journey, minutes] of [
    ['Link', 5],
    ['Long', 30],
  ] as const) {
    await at.answer(journey, as('demo'))
    const late = suspendedIdIn(await box.link())
    clock.now += minutes * 60
    assert.equal((await at.resume(late)).kind, 'over', journey)
    clock.now -= 1
    assert.equal((await at.resume(late)).kind, 'success', journey)
  }
})

test('the link of one letter is none of another that the same journey sends later', async () => {
  await at.answer('Twice', as('demo'))
  const first = suspendedIdIn(await box.link())
  const step = at.asked(await at.resume(first))
  assert.equal(step.suspended, true)
  const second = suspendedIdIn(await box.link())
  assert.notEqual(first, second)
  assert.equal((await at.resume(first)).kind, 'over')
  assert.equal((await at.resume(second)).kind, 'success')
})

test('a link leads nowhere once its account was ended, or has not the address any more to which it was sent', async () => {
  const ended: readonly [change: Parameters<typeof changeEndUser>[2], journey: string][] = [
    [{ status: 'Inactive' }, 'Link'],
    [{ status: 'Inactive' }, 'Mailed'],
    [{ password: 'another hash' }, 'Mailed'],
    [{ attributes: { email: 'elsewhere@example.com' } }, 'Mailed'],
    [{ attributes: { email: 'elsewhere@example.com' } }, 'Link'],
    [{ attributes: {} }, 'Link'],
    [{ attributes: { email: 'elsewhere@example.com' } }, 'ByName'],
  ]
  for (const [change, journey] of ended) {
    const user = await oneMore(world)
    const address = `${user.sub}@example.com`
    await changeEndUser(realm, user.sub, { attributes: { email: address } })
    const round = async () => {
      await at.answer(journey, as(journey === 'Mailed' ? address : user.username))
      return suspendedIdIn(await box.link())
    }
    assert.equal((await at.resume(await round())).kind, 'success')
    const link = await round()
    await changeEndUser(realm, user.sub, change)
    const step = await at.resume(link)
    assert.deepEqual([step.kind, 'ended' in step && step.ended.byError], ['failure', true])
  }
})

test('a link still serves where its account has the same address in another case', async () => {
  const user = await oneMore(world)
  await changeEndUser(realm, user.sub, { attributes: { email: 'Case@example.com' } })
  await at.answer('Link', as(user.username))
  const link = suspendedIdIn(await box.link())
  await changeEndUser(realm, user.sub, { attributes: { email: 'case@example.com' } })
  assert.equal((await at.resume(link)).kind, 'success')
})

test('a link that was made up is none', async () => {
  for (const id of ['', 'x', 'A'.repeat(46), `${'A'.repeat(45)}é`])
    assert.equal((await at.resume(id)).kind, 'over', id)
})

test('where no mail can be sent the journey ends, whoever is named', async () => {
  const without = journeys({ ...realm, mail: undefined })
  for (const username of ['demo', 'nobody']) {
    const step = await without.answer('Link', as(username))
    assert.deepEqual([step.kind, 'ended' in step && step.ended.byError], ['failure', true])
  }
})

test('PingAM: Email Template says whether there was somebody to write to', async () => {
  assert.equal((await at.answer('Welcome', as('demo'))).kind, 'success')
  const [letter] = await box.fresh()
  assert.equal(letter?.text, 'Welcome! Your user name is demo')
  assert.equal((await at.answer('Welcome', as('nobody'))).kind, 'failure')
})

test('one address gets ten letters, and then one in ten minutes, and the answers do not tell', async () => {
  clock.now += 7200
  const rounds = Array.from({ length: 12 }, () => at.answer('Link', as('demo')))
  const steps = await Promise.all(rounds)
  assert.ok(steps.every((step) => at.asked(step).suspended))
  assert.equal((await box.fresh()).length, 10)
  clock.now += 600
  await at.answer('Link', as('demo'))
  assert.equal((await box.fresh()).length, 1)
})

test('a letter that a mail server takes at the third try has counted once', async () => {
  clock.now += 7200
  let tries = 0
  const queue = mailQueue(async () => undefined)
  const sent = new Promise<void>((taken) => {
    const deliver = async () => {
      tries += 1
      if (tries < 3) throw Object.assign(new Error(), { code: 'ECONNECTION' })
      taken()
    }
    const mail: Mail = {
      ...{ ready: true, idle: queue.idle, stop: queue.stop },
      send: (about, make) => queue.take({ about, make, deliver }),
    }
    void journeys({ ...realm, mail }).answer('Link', as('demo'))
  })
  await sent
  assert.equal(tries, 3)
  const left = await Promise.all(
    Array.from({ length: 12 }, () => mayWrite(realm, 'demo@example.com', '192.0.2.9')),
  )
  assert.equal(left.filter(Boolean).length, 9)
})

test('one place has a hundred letters sent, to whomever, and then one in ten seconds', async () => {
  const sent = async (count: number, peer: string): Promise<number> => {
    const asked = Array.from({ length: count }, (_, i) => `${clock.now}-${i}@example.com`)
    const each = await Promise.all(asked.map((address) => mayWrite(realm, address, peer)))
    return each.filter(Boolean).length
  }
  assert.equal(await sent(120, '192.0.2.1'), 100)
  assert.equal(await sent(10, '192.0.2.2'), 10)
  // An IPv6 subscriber has a whole network.
  assert.equal((await sent(60, '2001:db8::1')) + (await sent(60, '2001:db8::2')), 100)
  clock.now += 10
  assert.equal(await sent(5, '192.0.2.1'), 1)
})
