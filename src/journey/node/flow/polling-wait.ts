import type { Json } from '../../../base/json.ts'
import { isObject, member } from '../../../base/json.ts'
import { flag } from '../../../protocol/setting.ts'
import { confirmationCallback, pollingWaitCallback } from '../../callback/basic.ts'
import type { Asked } from '../../callback/callback.ts'
import { numberOf } from '../../callback/callback.ts'
import type { Outcome } from '../../journey.ts'
import { asks, nodeType, passed } from '../../journey.ts'
import { localized, localText, nodeSetting, wholeOrText } from '../../node-setting.ts'

const done: Outcome = { id: 'DONE', displayName: 'Done' }
const exited: Outcome = { id: 'EXITED', displayName: 'Exited' }
const spam: Outcome = { id: 'SPAM', displayName: 'Spam' }

/** What a button's input is before anybody has pressed it. */
const notPressed = 100

/** Has the client wait and come again (PingAM: Polling Wait node). */
export const pollingWait = nodeType({
  type: 'PollingWaitNode',
  name: 'Polling Wait Node',
  tags: ['utilities'],
  settings: {
    secondsToWait: nodeSetting('Seconds To Wait', wholeOrText(0, 86_400), 8, 'How long.'),
    spamDetectionEnabled: nodeSetting('Enable Spam Detection', flag, false, 'Counts who is early.'),
    spamDetectionTolerance: nodeSetting('Spam Tolerance', wholeOrText(0, 1000), 3, 'So often.'),
    waitingMessage: nodeSetting('Waiting Message', localText, {}, 'Text, by locale; `{{time}}`.'),
    exitable: nodeSetting('Exitable', flag, false, 'Whether there is a button to leave.'),
    exitMessage: nodeSetting('Exit Message', localText, {}, 'What it says, by locale.'),
  },
  outcomes: ({ exitable, spamDetectionEnabled }) => [
    done,
    ...(exitable ? [exited] : []),
    ...(spamDetectionEnabled ? [spam] : []),
  ],
  process({ realm, visit, state, answers, kept }, values) {
    const { secondsToWait, spamDetectionEnabled, spamDetectionTolerance, exitable } = values
    const { since, early } = waitingIn(kept, realm.now())
    const seconds = String(secondsToWait)
    const text = localized(values.waitingMessage, visit.locales) ?? 'Waiting for response...'
    const wait = pollingWaitCallback(`${secondsToWait}000`, text.replaceAll('{{time}}', seconds))
    const leave = exitButton(localized(values.exitMessage, visit.locales) ?? 'Cancel')
    const callbacks = exitable ? [wait, leave] : [wait]
    if (answers === undefined) return asks(callbacks, state, { keep: { since, early } })
    if (exitable && numberOf(answers[1]) === 0) return passed('EXITED', state)
    // PingAM: so often is let pass, then once more; whoever comes after that is told so, at whatever time.
    if (spamDetectionEnabled && early > spamDetectionTolerance) return passed('SPAM', state)
    if (realm.now() - since >= secondsToWait) return passed('DONE', state)
    return asks(callbacks, state, { keep: { since, early: early + 1 } })
  },
})

/** The second since which somebody waits, and how often they came too early. */
function waitingIn(kept: Json | undefined, now: number): { since: number; early: number } {
  const [since, early] = isObject(kept) ? [member(kept, 'since'), member(kept, 'early')] : []
  return {
    since: typeof since === 'number' ? since : now,
    early: typeof early === 'number' ? early : 0,
  }
}

function exitButton(text: string): Asked {
  return { ...confirmationCallback([text], 0), values: [notPressed] }
}
